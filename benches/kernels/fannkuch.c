// Pancake flips over all permutations of eight.
#include "kernel.h"
enum { N = 8 };
static uint32_t fannkuch(void) {
    int perm[N], work[N], count[N], max = 0, sum = 0, r = N, odd = 0;
    for (int i = 0; i < N; i++) perm[i] = i;
    for (;;) {
        for (; r > 1; r--) count[r - 1] = r;
        for (int i = 0; i < N; i++) work[i] = perm[i];
        int flips = 0;
        for (int k = work[0]; k; k = work[0]) {
            for (int i = 0, j = k; i < j; i++, j--) {
                int t = work[i];
                work[i] = work[j], work[j] = t;
            }
            flips++;
        }
        if (flips > max) max = flips;
        sum += odd ? -flips : flips;
        odd = !odd;
        for (;;) {
            if (r == N) return (uint32_t)(sum * 100 + max);
            int first = perm[0];
            for (int i = 0; i < r; i++) perm[i] = perm[i + 1];
            perm[r] = first;
            if (--count[r] > 0) break;
            r++;
        }
    }
}
RUN {
    uint32_t sum = 0;
    while (n--) sum = sum * 31 + fannkuch();
    return sum;
}
