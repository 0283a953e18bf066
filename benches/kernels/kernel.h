// What every kernel has: `run(n)` does work in proportion to n and returns a checksum that all engines must agree on.
#include <stddef.h>
#include <stdint.h>

#define RUN __attribute__((export_name("run"))) uint32_t run(uint32_t n)
#define NOINLINE __attribute__((noinline))

static inline uint32_t rotl32(uint32_t x, int k) { return x << k | x >> (32 - k); }
static inline uint32_t rotr32(uint32_t x, int k) { return x >> k | x << (32 - k); }
static inline uint64_t rotl64(uint64_t x, int k) { return x << k | x >> (64 - k); }
static inline uint32_t fold64(uint64_t x) { return (uint32_t)(x ^ x >> 32); }

// A generator of test data (xorshift32); never 0.
static inline uint32_t next(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}
