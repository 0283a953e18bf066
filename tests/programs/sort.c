/* Sorts with qsort (indirect calls), searches with bsearch, and prints checksums. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 200000

static uint32_t numbers[N];
static char words[1000][8];

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

int main(void)
{
    uint32_t seed = 1;
    for (int i = 0; i < N; i++)
        numbers[i] = seed = seed * 1664525u + 1013904223u;
    for (int i = 0; i < 1000; i++)
        for (int j = 0; j < 7; j++) {
            seed = seed * 1664525u + 1013904223u;
            words[i][j] = (char)('a' + (seed >> 24) % 26);
        }
    qsort(numbers, N, sizeof *numbers, ascending);
    qsort(words, 1000, sizeof *words, by_text);
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        if (i > 0 && numbers[i - 1] > numbers[i])
            return 1;
        sum = sum * 31 + numbers[i];
        if (bsearch(&numbers[i], numbers, N, sizeof *numbers, ascending) == NULL)
            return 2;
    }
    printf("%llu %s %s\n", (unsigned long long)sum, words[0], words[999]);
    return 0;
}
