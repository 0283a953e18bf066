// LZ77 with a hash table, compressing and expanding text-like data.
#include "kernel.h"
enum { SIZE = 1 << 15, HASH = 1 << 12 };
static uint8_t input[SIZE], packed[SIZE * 2], output[SIZE];
static uint16_t heads[HASH];
static NOINLINE uint32_t compress(void) {
    uint32_t out = 0, i = 0;
    for (int h = 0; h < HASH; h++) heads[h] = 0;
    while (i + 4 < SIZE) {
        uint32_t key = input[i] | input[i + 1] << 8 | input[i + 2] << 16;
        uint32_t h = key * 2654435761u >> 20, at = heads[h], length = 0;
        heads[h] = (uint16_t)i;
        if (at < i)
            while (length < 255 && i + length < SIZE && input[at + length] == input[i + length]) length++;
        if (length >= 4) {
            uint32_t distance = i - at;
            packed[out++] = 1, packed[out++] = (uint8_t)length;
            packed[out++] = (uint8_t)distance, packed[out++] = (uint8_t)(distance >> 8);
            i += length;
        } else {
            packed[out++] = 0, packed[out++] = input[i++];
        }
    }
    while (i < SIZE) packed[out++] = 0, packed[out++] = input[i++];
    return out;
}
static NOINLINE uint32_t expand(uint32_t size) {
    uint32_t out = 0;
    for (uint32_t i = 0; i < size;) {
        if (packed[i]) {
            uint32_t from = out - (packed[i + 2] | packed[i + 3] << 8);
            for (uint32_t k = packed[i + 1]; k--;) output[out++] = output[from++];
            i += 4;
        } else {
            output[out++] = packed[i + 1];
            i += 2;
        }
    }
    return out;
}
RUN {
    static const char text[] = "the quick brown fox jumps over the lazy dog and then some more words follow it ";
    uint32_t seed = 11, sum = 0;
    for (uint32_t i = 0; i < SIZE;) {
        uint32_t from = next(&seed) % 60, length = 3 + next(&seed) % 16;
        while (length-- && i < SIZE) input[i++] = (uint8_t)text[from++];
    }
    while (n--) {
        input[next(&seed) % SIZE] = (uint8_t)n;
        uint32_t size = compress();
        sum = sum * 31 + size + expand(size);
        for (uint32_t i = 0; i < SIZE; i += 61) sum += output[i] != input[i] ? 1000003 : output[i];
    }
    return sum;
}
