// ChaCha20 blocks (RFC 8439), a row of the state in each vector.
#include "kernel.h"
#include <wasm_simd128.h>
#define ROTL(x, k) wasm_v128_or(wasm_i32x4_shl(x, k), wasm_u32x4_shr(x, 32 - (k)))
#define QUARTERS                                                                                               \
    (a = wasm_i32x4_add(a, b), d = wasm_v128_xor(d, a), d = ROTL(d, 16), c = wasm_i32x4_add(c, d),              \
     b = wasm_v128_xor(b, c), b = ROTL(b, 12), a = wasm_i32x4_add(a, b), d = wasm_v128_xor(d, a),               \
     d = ROTL(d, 8), c = wasm_i32x4_add(c, d), b = wasm_v128_xor(b, c), b = ROTL(b, 7))
static NOINLINE void block(const uint32_t in[16], uint32_t out[16]) {
    v128_t a0 = wasm_v128_load(in), b0 = wasm_v128_load(in + 4), c0 = wasm_v128_load(in + 8),
           d0 = wasm_v128_load(in + 12), a = a0, b = b0, c = c0, d = d0;
    for (int i = 0; i < 10; i++) {
        QUARTERS;
        b = wasm_i32x4_shuffle(b, b, 1, 2, 3, 0);
        c = wasm_i32x4_shuffle(c, c, 2, 3, 0, 1);
        d = wasm_i32x4_shuffle(d, d, 3, 0, 1, 2);
        QUARTERS;
        b = wasm_i32x4_shuffle(b, b, 3, 0, 1, 2);
        c = wasm_i32x4_shuffle(c, c, 2, 3, 0, 1);
        d = wasm_i32x4_shuffle(d, d, 1, 2, 3, 0);
    }
    wasm_v128_store(out, wasm_i32x4_add(a, a0));
    wasm_v128_store(out + 4, wasm_i32x4_add(b, b0));
    wasm_v128_store(out + 8, wasm_i32x4_add(c, c0));
    wasm_v128_store(out + 12, wasm_i32x4_add(d, d0));
}
RUN {
    uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 1, 2, 3, 4, 5, 6, 7, 8}, out[16], sum = 0;
    while (n--) {
        state[12]++;
        block(state, out);
        for (int i = 0; i < 16; i++) sum = rotl32(sum, 1) ^ out[i];
    }
    return sum;
}
