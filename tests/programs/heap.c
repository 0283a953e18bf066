/* Allocates, resizes and frees blocks at random, so that the memory grows; verifies every byte. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 500

static struct { uint8_t *bytes, fill; size_t length; } slot[SLOTS];
static uint32_t seed = 7;

static uint32_t next(void)
{
    seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
    return seed;
}

int main(void)
{
    size_t before = __builtin_wasm_memory_size(0), total = 0;
    for (int step = 0; step < 50000; step++) {
        unsigned i = next() % SLOTS;
        size_t old = slot[i].length, length = next() % 20 == 0 ? next() % 200000 : next() % 500;
        for (size_t k = 0; k < old; k++)
            if (slot[i].bytes[k] != slot[i].fill)
                return 1;
        if (next() % 3 == 0) {
            free(slot[i].bytes);
            slot[i].bytes = NULL;
            length = 0;
        } else {
            slot[i].bytes = realloc(slot[i].bytes, length + 1);
            if (slot[i].bytes == NULL)
                return 2;
            for (size_t k = 0; k < old && k < length; k++)
                if (slot[i].bytes[k] != slot[i].fill)
                    return 3;
        }
        slot[i].length = length;
        slot[i].fill = (uint8_t)next();
        if (length > 0)
            memset(slot[i].bytes, slot[i].fill, length);
        total += length;
    }
    printf("%zu bytes, memory grew: %s\n", total, __builtin_wasm_memory_size(0) > before ? "yes" : "no");
    return 0;
}
