// Looking for a byte, sixteen at a time.
#include "kernel.h"
#include <wasm_simd128.h>
enum { LENGTH = 4096 };
static uint8_t text[LENGTH + 16];
static NOINLINE const uint8_t *find(const uint8_t *p, const uint8_t *end, uint8_t byte) {
    const v128_t wanted = wasm_u8x16_splat(byte);
    for (; p < end; p += 16) {
        v128_t equal = wasm_i8x16_eq(wasm_v128_load(p), wanted);
        if (wasm_v128_any_true(equal)) {
            const uint8_t *found = p + __builtin_ctz(wasm_i8x16_bitmask(equal));
            return found < end ? found : 0;
        }
    }
    return 0;
}
RUN {
    uint32_t seed = 9, hash = 0;
    for (int i = 0; i < LENGTH; i++) text[i] = (uint8_t)(next(&seed) % 250);
    while (n--) {
        uint32_t at = next(&seed) % LENGTH;
        uint8_t was = text[at];
        text[at] = 251;
        const uint8_t *found = find(text, text + LENGTH, 251);
        text[at] = was;
        hash = hash * 31 + (uint32_t)(found - text) + (find(text, text + LENGTH, 252) != 0);
        // And short distances, as in a parser.
        for (const uint8_t *p = text; p && (p = find(p, text + LENGTH, (uint8_t)(n % 250))); p++) hash++;
    }
    return hash;
}
