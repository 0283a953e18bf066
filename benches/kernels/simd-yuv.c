// RGB with four bytes a pixel to Y, U and V, eight pixels at a time in sixteen bits.
#include "kernel.h"
#include <wasm_simd128.h>
enum { PIXELS = 4096 };
static uint32_t picture[PIXELS];
static uint8_t luma[PIXELS], blue[PIXELS], red[PIXELS];
static inline v128_t times(v128_t x, int weight) { return wasm_i16x8_mul(x, wasm_i16x8_splat((int16_t)weight)); }
static inline v128_t weighted(v128_t r, v128_t g, v128_t b, int wr, int wg, int wb) {
    v128_t sum = wasm_i16x8_add(wasm_i16x8_add(times(r, wr), times(g, wg)), times(b, wb));
    return wasm_i16x8_add(sum, wasm_i16x8_splat(128));
}
// Byte number `k` of each pixel.
static inline v128_t channel(v128_t p, v128_t q, int k) {
    const v128_t byte = wasm_i32x4_splat(255);
    return wasm_i16x8_narrow_i32x4(wasm_v128_and(wasm_u32x4_shr(p, 8 * k), byte),
                                   wasm_v128_and(wasm_u32x4_shr(q, 8 * k), byte));
}
static NOINLINE void convert(void) {
    for (int i = 0; i < PIXELS; i += 8) {
        v128_t p = wasm_v128_load(picture + i), q = wasm_v128_load(picture + i + 4);
        v128_t r = channel(p, q, 0), g = channel(p, q, 1), b = channel(p, q, 2);
        v128_t y = wasm_u16x8_shr(weighted(r, g, b, 66, 129, 25), 8);
        v128_t u = wasm_i16x8_shr(weighted(r, g, b, -38, -74, 112), 8);
        v128_t v = wasm_i16x8_shr(weighted(r, g, b, 112, -94, -18), 8);
        y = wasm_i16x8_add(y, wasm_i16x8_splat(16));
        u = wasm_i16x8_add(u, wasm_i16x8_splat(128));
        v = wasm_i16x8_add(v, wasm_i16x8_splat(128));
        wasm_v128_store64_lane(luma + i, wasm_u8x16_narrow_i16x8(y, y), 0);
        wasm_v128_store64_lane(blue + i, wasm_u8x16_narrow_i16x8(u, u), 0);
        wasm_v128_store64_lane(red + i, wasm_u8x16_narrow_i16x8(v, v), 0);
    }
}
RUN {
    uint32_t seed = 11, hash = 0;
    for (int i = 0; i < PIXELS; i++) picture[i] = next(&seed);
    while (n--) {
        convert();
        for (int i = 0; i < PIXELS; i += 97) hash = hash * 31 + luma[i] + 3 * blue[i] + 5 * red[i];
        picture[n % PIXELS] = hash;
    }
    return hash;
}
