// CRC-16, bit by bit.
#include "kernel.h"
static NOINLINE uint16_t crc(uint8_t data, uint16_t crc) {
    for (int i = 0; i < 8; i++) {
        int bit = (data ^ crc) & 1;
        data >>= 1;
        crc >>= 1;
        if (bit) crc ^= 0xa001;
    }
    return crc;
}
RUN {
    uint16_t sum = 0xffff;
    while (n--) sum = crc((uint8_t)(n * 37), sum);
    return sum;
}
