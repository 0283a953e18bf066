// Dense matrices of floats, four columns at a time.
#include "kernel.h"
#include <wasm_simd128.h>
enum { N = 64 };
static float a[N][N], b[N][N], c[N][N];
static NOINLINE void product(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j += 8) {
            v128_t low = wasm_f32x4_splat(0), high = low;
            for (int k = 0; k < N; k++) {
                v128_t x = wasm_v128_load32_splat(&a[i][k]);
                low = wasm_f32x4_add(low, wasm_f32x4_mul(x, wasm_v128_load(&b[k][j])));
                high = wasm_f32x4_add(high, wasm_f32x4_mul(x, wasm_v128_load(&b[k][j + 4])));
            }
            wasm_v128_store(&c[i][j], low);
            wasm_v128_store(&c[i][j + 4], high);
        }
}
RUN {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) a[i][j] = i - j * 0.5f, b[i][j] = (i + 1) * 0.25f + j;
    float trace = 0;
    while (n--) {
        a[n % N][0] += 1;
        product();
        for (int i = 0; i < N; i++) trace += c[i][i];
    }
    return (uint32_t)(int64_t)trace;
}
