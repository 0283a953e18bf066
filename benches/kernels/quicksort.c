// Quicksort of integers, recursive.
#include "kernel.h"
enum { N = 20000 };
static int32_t items[N];
static NOINLINE void sort(int32_t *a, int lo, int hi) {
    while (lo < hi) {
        int32_t pivot = a[(lo + hi) / 2];
        int i = lo, j = hi;
        while (i <= j) {
            while (a[i] < pivot) i++;
            while (a[j] > pivot) j--;
            if (i <= j) {
                int32_t t = a[i];
                a[i++] = a[j], a[j--] = t;
            }
        }
        sort(a, lo, j);
        lo = i;
    }
}
RUN {
    uint32_t seed = 7, sum = 0;
    while (n--) {
        for (int i = 0; i < N; i++) items[i] = (int32_t)next(&seed);
        sort(items, 0, N - 1);
        for (int i = 0; i < N; i += 97) sum = sum * 31 + (uint32_t)items[i];
    }
    return sum;
}
