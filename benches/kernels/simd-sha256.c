// SHA-256 (FIPS 180-4), four words of the message schedule at a time.
#include "kernel.h"
#include <wasm_simd128.h>
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
static uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
#define ROTR(x, k) wasm_v128_or(wasm_u32x4_shr(x, k), wasm_i32x4_shl(x, 32 - (k)))
static inline v128_t sigma0(v128_t x) {
    return wasm_v128_xor(wasm_v128_xor(ROTR(x, 7), ROTR(x, 18)), wasm_u32x4_shr(x, 3));
}
static inline v128_t sigma1(v128_t x) {
    return wasm_v128_xor(wasm_v128_xor(ROTR(x, 17), ROTR(x, 19)), wasm_u32x4_shr(x, 10));
}
static NOINLINE void schedule(const uint32_t *m, uint32_t w[64]) {
    v128_t w0 = wasm_v128_load(m), w4 = wasm_v128_load(m + 4), w8 = wasm_v128_load(m + 8), w12 = wasm_v128_load(m + 12);
    wasm_v128_store(w, wasm_i32x4_add(w0, wasm_v128_load(K)));
    wasm_v128_store(w + 4, wasm_i32x4_add(w4, wasm_v128_load(K + 4)));
    wasm_v128_store(w + 8, wasm_i32x4_add(w8, wasm_v128_load(K + 8)));
    wasm_v128_store(w + 12, wasm_i32x4_add(w12, wasm_v128_load(K + 12)));
    for (int i = 16; i < 64; i += 4) {
        v128_t x = wasm_i32x4_shuffle(w0, w4, 1, 2, 3, 4), y = wasm_i32x4_shuffle(w8, w12, 1, 2, 3, 4);
        v128_t sum = wasm_i32x4_add(wasm_i32x4_add(w0, sigma0(x)), y);
        // The upper two words depend on the lower two.
        v128_t low = wasm_i32x4_shuffle(w12, wasm_i32x4_splat(0), 2, 3, 4, 4);
        sum = wasm_i32x4_add(sum, sigma1(low));
        sum = wasm_i32x4_add(sum, sigma1(wasm_i32x4_shuffle(wasm_i32x4_splat(0), sum, 0, 0, 4, 5)));
        wasm_v128_store(w + i, wasm_i32x4_add(sum, wasm_v128_load(K + i)));
        w0 = w4, w4 = w8, w8 = w12, w12 = sum;
    }
}
static NOINLINE void block(const uint32_t *m) {
    uint32_t w[64];
    schedule(m, w);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], hh = h[7];
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = hh + (rotr32(e, 6) ^ rotr32(e, 11) ^ rotr32(e, 25)) + ((e & f) ^ (~e & g)) + w[i];
        uint32_t t2 = (rotr32(a, 2) ^ rotr32(a, 13) ^ rotr32(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        hh = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += hh;
}
RUN {
    uint32_t m[16];
    for (uint32_t i = 0; i < 16; i++) m[i] = i * 0x01010101;
    while (n--) m[n & 15] += n, block(m);
    uint32_t x = 0;
    for (int i = 0; i < 8; i++) x ^= h[i];
    return x;
}
