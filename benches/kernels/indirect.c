// Calls through a table, the callee decided by data.
#include "kernel.h"
typedef uint32_t Op(uint32_t, uint32_t);
static uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t sub(uint32_t a, uint32_t b) { return a - b; }
static uint32_t mix(uint32_t a, uint32_t b) { return rotl32(a, 5) ^ b; }
static uint32_t mul(uint32_t a, uint32_t b) { return a * (b | 1); }
static uint32_t min(uint32_t a, uint32_t b) { return a < b ? a + 3 : b; }
static uint32_t max(uint32_t a, uint32_t b) { return a > b ? a - 3 : b; }
static Op *volatile const ops_source[8] = {add, sub, mix, mul, min, max, mix, add};
RUN {
    Op *ops[8];
    for (int i = 0; i < 8; i++) ops[i] = ops_source[i];
    uint32_t sum = 1, pattern = 0x2c6f1d83;
    while (n--) {
        sum = ops[pattern & 7](sum, n);
        pattern = rotl32(pattern, 3);
    }
    return sum;
}
