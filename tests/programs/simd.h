// The intrinsics of <wasm_simd128.h> that simd.c has, and, where there are no WebAssembly vectors, what they mean.
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#else
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef union {
    uint8_t u8[16];
    int8_t i8[16];
    uint16_t u16[8];
    int16_t i16[8];
    uint32_t u32[4];
    int32_t i32[4];
    float f32[4];
} v128_t;

#define EACH(n) for (int i = 0; i < (n); i++)
#define SPLAT(name, type, lane, n) static inline v128_t name(type a) { v128_t r; EACH(n) r.lane[i] = a; return r; }
#define UNARY(name, lane, n, result)                                                                           \
    static inline v128_t name(v128_t a) { v128_t r; EACH(n) r.lane[i] = (result); return r; }
#define BINARY(name, lane, n, result)                                                                          \
    static inline v128_t name(v128_t a, v128_t b) { v128_t r; EACH(n) r.lane[i] = (result); return r; }
#define SHIFT(name, lane, n, result)                                                                           \
    static inline v128_t name(v128_t a, int k) { v128_t r; EACH(n) r.lane[i] = (result); return r; }

static inline int clamp(int x, int low, int high) { return x < low ? low : x > high ? high : x; }
static inline v128_t wasm_v128_load(const void *p) { v128_t r; memcpy(&r, p, 16); return r; }
static inline void wasm_v128_store(void *p, v128_t a) { memcpy(p, &a, 16); }
static inline v128_t wasm_v128_load32_zero(const void *p) { v128_t r = {{0}}; memcpy(&r, p, 4); return r; }
static inline v128_t wasm_v128_load32_splat(const void *p) { v128_t r; EACH(4) memcpy(&r.u32[i], p, 4); return r; }
static inline v128_t wasm_u16x8_load8x8(const uint8_t *p) { v128_t r; EACH(8) r.u16[i] = p[i]; return r; }
#define wasm_v128_store64_lane(p, a, k) memcpy(p, (a).u8 + 8 * (k), 8)
#define wasm_f32x4_extract_lane(a, k) ((a).f32[k])
SPLAT(wasm_i8x16_splat, int8_t, i8, 16)
SPLAT(wasm_u8x16_splat, uint8_t, u8, 16)
SPLAT(wasm_i16x8_splat, int16_t, i16, 8)
SPLAT(wasm_i32x4_splat, int32_t, i32, 4)
SPLAT(wasm_f32x4_splat, float, f32, 4)
BINARY(wasm_v128_or, u32, 4, a.u32[i] | b.u32[i])
BINARY(wasm_u8x16_sub_sat, u8, 16, a.u8[i] > b.u8[i] ? a.u8[i] - b.u8[i] : 0)
BINARY(wasm_u8x16_max, u8, 16, a.u8[i] > b.u8[i] ? a.u8[i] : b.u8[i])
BINARY(wasm_u8x16_gt, u8, 16, a.u8[i] > b.u8[i] ? 255 : 0)
BINARY(wasm_u8x16_narrow_i16x8, u8, 16, clamp(i < 8 ? a.i16[i] : b.i16[i - 8], 0, 255))
BINARY(wasm_i16x8_add, u16, 8, a.u16[i] + b.u16[i])
BINARY(wasm_i16x8_sub, u16, 8, a.u16[i] - b.u16[i])
BINARY(wasm_i16x8_eq, u16, 8, a.u16[i] == b.u16[i] ? 0xffff : 0)
BINARY(wasm_i16x8_narrow_i32x4, i16, 8, clamp(i < 4 ? a.i32[i] : b.i32[i - 4], -32768, 32767))
BINARY(wasm_i32x4_add, u32, 4, a.u32[i] + b.u32[i])
BINARY(wasm_i32x4_dot_i16x8, u32, 4,
       (uint32_t)(a.i16[2 * i] * b.i16[2 * i]) + (uint32_t)(a.i16[2 * i + 1] * b.i16[2 * i + 1]))
BINARY(wasm_f32x4_add, f32, 4, a.f32[i] + b.f32[i])
BINARY(wasm_f32x4_mul, f32, 4, a.f32[i] * b.f32[i])
BINARY(wasm_f32x4_div, f32, 4, a.f32[i] / b.f32[i])
BINARY(wasm_f32x4_max, f32, 4, a.f32[i] > b.f32[i] ? a.f32[i] : b.f32[i])
UNARY(wasm_f32x4_abs, f32, 4, fabsf(a.f32[i]))
UNARY(wasm_f32x4_sqrt, f32, 4, sqrtf(a.f32[i]))
UNARY(wasm_f32x4_nearest, f32, 4, rintf(a.f32[i]))
UNARY(wasm_f32x4_convert_i32x4, f32, 4, (float)a.i32[i])
UNARY(wasm_i32x4_trunc_sat_f32x4, i32, 4, (int32_t)a.f32[i])
UNARY(wasm_u16x8_extend_low_u8x16, u16, 8, a.u8[i])
UNARY(wasm_u32x4_extend_low_u16x8, u32, 4, a.u16[i])
UNARY(wasm_i32x4_extend_low_i16x8, i32, 4, a.i16[i])
UNARY(wasm_i32x4_extend_high_i16x8, i32, 4, a.i16[i + 4])
SHIFT(wasm_i16x8_shl, u16, 8, a.u16[i] << k)
SHIFT(wasm_u16x8_shr, u16, 8, a.u16[i] >> k)
SHIFT(wasm_i32x4_shr, i32, 4, a.i32[i] >> k)
static inline v128_t wasm_v128_bitselect(v128_t a, v128_t b, v128_t mask) {
    EACH(4) a.u32[i] = (a.u32[i] & mask.u32[i]) | (b.u32[i] & ~mask.u32[i]);
    return a;
}
static inline unsigned wasm_i16x8_bitmask(v128_t a) { unsigned r = 0; EACH(8) r |= (a.u16[i] >> 15u) << i; return r; }
static inline v128_t shuffle_words(v128_t a, v128_t b, const int lanes[8]) {
    v128_t r;
    EACH(8) r.u16[i] = lanes[i] < 8 ? a.u16[lanes[i]] : b.u16[lanes[i] - 8];
    return r;
}
#define wasm_i16x8_shuffle(a, b, ...) shuffle_words(a, b, (const int[8]){__VA_ARGS__})
static inline v128_t wasm_i32x4_shuffle(v128_t a, v128_t b, int x, int y, int z, int w) {
    const int lanes[4] = {x, y, z, w};
    v128_t r;
    EACH(4) r.u32[i] = lanes[i] < 4 ? a.u32[lanes[i]] : b.u32[lanes[i] - 4];
    return r;
}
#endif
