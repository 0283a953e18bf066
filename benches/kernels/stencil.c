// A five-point stencil over doubles, to and fro.
#include "kernel.h"
enum { N = 128 };
static double grid[2][N][N];
RUN {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) grid[0][i][j] = grid[1][i][j] = (i * 7 + j * 13) % 31;
    for (uint32_t round = 0; round < n; round++) {
        double(*from)[N] = grid[round & 1], (*to)[N] = grid[~round & 1];
        for (int i = 1; i < N - 1; i++)
            for (int j = 1; j < N - 1; j++)
                to[i][j] = 0.2 * (from[i][j] + from[i - 1][j] + from[i + 1][j] + from[i][j - 1] + from[i][j + 1]);
    }
    double sum = 0;
    for (int i = 0; i < N; i++) sum += grid[n & 1][i][(i * 5) % N];
    return (uint32_t)(sum * 1000);
}
