// 64-bit multiplication, shifts and exclusive ors: what hashes and random numbers are made of.
#include "kernel.h"
static uint64_t table[1024];
RUN {
    uint64_t state = 1, sum = 0;
    while (n--) {
        uint64_t x = state += 0x9e3779b97f4a7c15;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
        x = (x ^ x >> 27) * 0x94d049bb133111eb;
        x ^= x >> 31;
        uint64_t *slot = &table[x & 1023];
        sum += *slot ^ rotl64(x, (int)(x >> 58));
        *slot = x;
    }
    return fold64(sum);
}
