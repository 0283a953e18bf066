// Dot products of vectors of f32, four sums of four at a time.
#include "kernel.h"
#include <wasm_simd128.h>
enum { LENGTH = 1024, ROWS = 16 };
static float rows[ROWS][LENGTH], x[LENGTH];
static NOINLINE float dot(const float *a, const float *b) {
    v128_t s0 = wasm_f32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
#define STEP(s, k) s = wasm_f32x4_add(s, wasm_f32x4_mul(wasm_v128_load(a + i + (k)), wasm_v128_load(b + i + (k))))
    for (int i = 0; i < LENGTH; i += 16) STEP(s0, 0), STEP(s1, 4), STEP(s2, 8), STEP(s3, 12);
    v128_t s = wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3));
    return wasm_f32x4_extract_lane(s, 0) + wasm_f32x4_extract_lane(s, 1) + wasm_f32x4_extract_lane(s, 2) +
           wasm_f32x4_extract_lane(s, 3);
}
RUN {
    uint32_t seed = 3, hash = 0;
    for (int i = 0; i < LENGTH; i++) {
        x[i] = (float)(next(&seed) & 255) / 16;
        for (int j = 0; j < ROWS; j++) rows[j][i] = (float)(next(&seed) & 255) / 16;
    }
    while (n--) {
        for (int j = 0; j < ROWS; j++) hash = rotl32(hash, 3) + (uint32_t)(int32_t)dot(rows[j], x);
        x[n % LENGTH] = (float)(hash & 255) / 16;
    }
    return hash;
}
