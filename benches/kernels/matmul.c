// Dense matrices of doubles.
#include "kernel.h"
enum { N = 64 };
static double a[N][N], b[N][N], c[N][N];
RUN {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) a[i][j] = i - j * 0.5, b[i][j] = (i + 1) * 0.25 + j;
    double trace = 0;
    while (n--) {
        a[n % N][0] += 1;
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                double sum = 0;
                for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
        for (int i = 0; i < N; i++) trace += c[i][i];
    }
    return (uint32_t)(int64_t)trace;
}
