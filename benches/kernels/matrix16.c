// Small matrices of 16-bit integers: add a constant, multiply by one another, extract bits.
#include "kernel.h"
enum { N = 24 };
static int16_t a[N * N], b[N * N];
static int32_t c[N * N];
static NOINLINE int32_t product(int bits) {
    int32_t sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int32_t dot = 0;
            for (int k = 0; k < N; k++) {
                int32_t t = (int32_t)a[i * N + k] * b[k * N + j];
                dot += bits ? (t >> 2 & 15) * (t >> 5 & 127) : t;
            }
            c[i * N + j] = dot;
            sum += dot > sum ? 10 : dot & 7;
        }
    return sum;
}
RUN {
    for (int i = 0; i < N * N; i++) a[i] = (int16_t)(i * 31 % 257), b[i] = (int16_t)(i * 17 % 127);
    uint32_t sum = 0;
    while (n--) {
        for (int i = 0; i < N * N; i++) a[i] = (int16_t)(a[i] + (n & 3));
        sum = sum * 3 + (uint32_t)product(0) + (uint32_t)product(1);
    }
    return sum;
}
