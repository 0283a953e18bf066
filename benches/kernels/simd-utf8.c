// Validation of UTF-8 by three table look-ups (Keiser and Lemire, "Validating UTF-8 in less than one instruction per
// byte").
#include "kernel.h"
#include <wasm_simd128.h>
enum { LENGTH = 8192 };
static uint8_t text[LENGTH + 16];
enum {
    TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32, TOO_LARGE_1000 = 64,
    OVERLONG_4 = 64, TWO_CONTS = 128, CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};
#define PREVIOUS(n)                                                                                            \
    wasm_i8x16_shuffle(before, x, 16 - n, 17 - n, 18 - n, 19 - n, 20 - n, 21 - n, 22 - n, 23 - n, 24 - n, 25 - n, \
                       26 - n, 27 - n, 28 - n, 29 - n, 30 - n, 31 - n)
static NOINLINE uint32_t valid(const uint8_t *p, uint32_t length) {
    const v128_t first_high = wasm_u8x16_const(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS, TWO_CONTS, TWO_CONTS,
        TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000);
    const v128_t first_low = wasm_u8x16_const(
        CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE,
        CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
        CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
        CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
        CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE, CARRY | TOO_LARGE | TOO_LARGE_1000,
        CARRY | TOO_LARGE | TOO_LARGE_1000);
    const v128_t second_high = wasm_u8x16_const(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT);
    const v128_t nibble = wasm_i8x16_splat(15);
    v128_t before = wasm_i8x16_splat(0), error = before;
    for (uint32_t i = 0; i < length; i += 16) {
        v128_t x = wasm_v128_load(p + i);
        v128_t one = PREVIOUS(1), two = PREVIOUS(2), three = PREVIOUS(3);
        v128_t special = wasm_v128_and(
            wasm_v128_and(wasm_i8x16_swizzle(first_high, wasm_u8x16_shr(one, 4)),
                          wasm_i8x16_swizzle(first_low, wasm_v128_and(one, nibble))),
            wasm_i8x16_swizzle(second_high, wasm_u8x16_shr(x, 4)));
        v128_t third = wasm_u8x16_sub_sat(two, wasm_i8x16_splat(0xe0 - 0x80));
        v128_t fourth = wasm_u8x16_sub_sat(three, wasm_i8x16_splat(0xf0 - 0x80));
        v128_t must = wasm_v128_and(wasm_v128_or(third, fourth), wasm_i8x16_splat((int8_t)0x80));
        error = wasm_v128_or(error, wasm_v128_xor(must, special));
        before = x;
    }
    return !wasm_v128_any_true(error);
}
RUN {
    uint32_t seed = 17, sum = 0, at = 0;
    while (at < LENGTH - 4) {
        uint32_t r = next(&seed), c = 0x80 + (r >> 8 & 0x3ff);
        if (r & 1) text[at++] = c & 0x7f;
        else if (r & 2) text[at++] = 0xc0 | c >> 6, text[at++] = 0x80 | (c & 63);
        else text[at++] = 0xe1 + (c & 7), text[at++] = 0x80 | (c >> 4 & 63), text[at++] = 0x80 | (r >> 20 & 63);
    }
    while (n--) {
        uint32_t i = next(&seed) % at;
        if (n % 3 == 0) text[i] ^= 0x40;
        sum = sum * 3 + valid(text, LENGTH);
        if (n % 3 == 0) text[i] ^= 0x40;
    }
    return sum;
}
