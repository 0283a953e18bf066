// Dot products of vectors of i8, as quantised networks have them.
#include "kernel.h"
#include <wasm_simd128.h>
enum { LENGTH = 1024, ROWS = 16 };
static int8_t rows[ROWS][LENGTH], x[LENGTH];
static NOINLINE int32_t dot(const int8_t *a, const int8_t *b) {
    v128_t sum = wasm_i32x4_splat(0);
    for (int i = 0; i < LENGTH; i += 16) {
        v128_t p = wasm_v128_load(a + i), q = wasm_v128_load(b + i);
        v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(p), wasm_i16x8_extend_low_i8x16(q));
        v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(p), wasm_i16x8_extend_high_i8x16(q));
        sum = wasm_i32x4_add(wasm_i32x4_add(sum, low), high);
    }
    sum = wasm_i32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
    sum = wasm_i32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 1, 0, 3, 2));
    return wasm_i32x4_extract_lane(sum, 0);
}
RUN {
    uint32_t seed = 3, hash = 0;
    for (int i = 0; i < LENGTH; i++) {
        x[i] = (int8_t)next(&seed);
        for (int j = 0; j < ROWS; j++) rows[j][i] = (int8_t)next(&seed);
    }
    while (n--) {
        for (int j = 0; j < ROWS; j++) hash = rotl32(hash, 3) + (uint32_t)dot(rows[j], x);
        x[n % LENGTH] = (int8_t)hash;
    }
    return hash;
}
