// Escape times over a small picture, two points at a time in doubles.
#include "kernel.h"
#include <wasm_simd128.h>
enum { SIDE = 48 };
RUN {
    uint32_t sum = 0;
    const v128_t four = wasm_f64x2_splat(4);
    while (n--)
        for (int row = 0; row < SIDE; row++)
            for (int column = 0; column < SIDE; column += 2) {
                v128_t cr = wasm_f64x2_make(column * (3.0 / SIDE) - 2.0, (column + 1) * (3.0 / SIDE) - 2.0);
                v128_t ci = wasm_f64x2_splat(row * (2.4 / SIDE) - 1.2), r = wasm_f64x2_splat(0), i = r, steps = r;
                for (int step = 0; step < 60; step++) {
                    v128_t rr = wasm_f64x2_mul(r, r), ii = wasm_f64x2_mul(i, i);
                    v128_t inside = wasm_f64x2_lt(wasm_f64x2_add(rr, ii), four);
                    if (!wasm_v128_any_true(inside)) break;
                    steps = wasm_i64x2_sub(steps, inside);
                    v128_t ri = wasm_f64x2_mul(r, i);
                    i = wasm_f64x2_add(wasm_f64x2_add(ri, ri), ci);
                    r = wasm_f64x2_add(wasm_f64x2_sub(rr, ii), cr);
                }
                sum = sum * 3 + (uint32_t)wasm_i64x2_extract_lane(steps, 0);
                sum = sum * 3 + (uint32_t)wasm_i64x2_extract_lane(steps, 1);
            }
    return sum;
}
