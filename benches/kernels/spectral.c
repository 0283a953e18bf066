// The spectral norm of a matrix that is a formula: divisions of doubles.
#include "kernel.h"
enum { N = 60 };
static double u[N], v[N], w[N];
static double element(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }
static NOINLINE void times(const double *from, double *to, int transposed) {
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++) sum += (transposed ? element(j, i) : element(i, j)) * from[j];
        to[i] = sum;
    }
}
RUN {
    for (int i = 0; i < N; i++) u[i] = 1;
    while (n--) times(u, w, 0), times(w, v, 1), times(v, w, 0), times(w, u, 1);
    double top = 0, bottom = 0;
    for (int i = 0; i < N; i++) top += u[i] * v[i], bottom += v[i] * v[i];
    return (uint32_t)(__builtin_sqrt(top / bottom) * 1e8);
}
