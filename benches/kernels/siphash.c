// SipHash-2-4 of short messages: 64-bit additions, rotations and exclusive ors.
#include "kernel.h"
#define ROUND                                                                                                  \
    (a += b, b = rotl64(b, 13), b ^= a, a = rotl64(a, 32), c += d, d = rotl64(d, 16), d ^= c, a += d,         \
     d = rotl64(d, 21), d ^= a, c += b, b = rotl64(b, 17), b ^= c, c = rotl64(c, 32))
static NOINLINE uint64_t hash(uint64_t k0, uint64_t k1, const uint64_t *words, uint32_t count) {
    uint64_t a = k0 ^ 0x736f6d6570736575, b = k1 ^ 0x646f72616e646f6d, c = k0 ^ 0x6c7967656e657261,
             d = k1 ^ 0x7465646279746573;
    for (uint32_t i = 0; i < count; i++) {
        d ^= words[i];
        ROUND, ROUND;
        a ^= words[i];
    }
    uint64_t last = (uint64_t)count << 59;
    d ^= last;
    ROUND, ROUND;
    a ^= last;
    c ^= 0xff;
    ROUND, ROUND, ROUND, ROUND;
    return a ^ b ^ c ^ d;
}
RUN {
    uint64_t words[32], sum = 1;
    for (uint32_t i = 0; i < 32; i++) words[i] = i * 0x9e3779b97f4a7c15;
    while (n--) words[n & 31] ^= sum += hash(sum, n, words, n & 31);
    return fold64(sum);
}
