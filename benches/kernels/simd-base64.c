// Base64, twelve bytes to sixteen letters at a time: the letters follow from six bits by a table of offsets.
#include "kernel.h"
#include <wasm_simd128.h>
enum { LENGTH = 3072 };
static uint8_t data[LENGTH + 16], text[LENGTH / 3 * 4 + 16];
static NOINLINE void encode(const uint8_t *from, uint8_t *to) {
    const v128_t offsets = wasm_i8x16_const('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                            '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    for (int i = 0; i < LENGTH; i += 12, to += 16) {
        v128_t x = wasm_v128_load(from + i);
        x = wasm_i8x16_shuffle(x, x, 1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
        // In each 32 bits: bbbbcccc aaaaaabb ccdddddd bbbbcccc.
        v128_t ac = wasm_v128_and(x, wasm_i32x4_splat(0x0fc0fc00)), bd = wasm_v128_and(x, wasm_i32x4_splat(0x003f03f0));
        v128_t a = wasm_v128_and(wasm_u16x8_shr(ac, 10), wasm_i32x4_splat(0x0000ffff));
        v128_t c = wasm_v128_and(wasm_u16x8_shr(ac, 6), wasm_i32x4_splat((int)0xffff0000));
        v128_t b = wasm_i16x8_mul(bd, wasm_i32x4_splat(0x01000010));
        v128_t six = wasm_v128_or(wasm_v128_or(a, c), b);
        v128_t class = wasm_u8x16_sub_sat(six, wasm_i8x16_splat(51));
        class = wasm_v128_or(class, wasm_v128_and(wasm_i8x16_gt(wasm_i8x16_splat(26), six), wasm_i8x16_splat(13)));
        wasm_v128_store(to, wasm_i8x16_add(six, wasm_i8x16_swizzle(offsets, class)));
    }
}
RUN {
    uint32_t seed = 7, hash = 0;
    for (int i = 0; i < LENGTH; i++) data[i] = (uint8_t)next(&seed);
    while (n--) {
        encode(data, text);
        for (int i = 0; i < LENGTH / 3 * 4; i += 61) hash = hash * 31 + text[i];
        data[n % LENGTH] = (uint8_t)hash;
    }
    return hash;
}
