// A stencil over bytes: Conway's game on a torus.
#include "kernel.h"
enum { N = 128 };
static uint8_t world[2][N][N];
RUN {
    uint32_t seed = 42;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) world[0][i][j] = next(&seed) >> 7 & 1;
    for (uint32_t round = 0; round < n; round++) {
        uint8_t(*from)[N] = world[round & 1], (*to)[N] = world[~round & 1];
        for (int i = 0; i < N; i++) {
            int up = (i - 1) & (N - 1), down = (i + 1) & (N - 1);
            for (int j = 0; j < N; j++) {
                int l = (j - 1) & (N - 1), r = (j + 1) & (N - 1);
                int around = from[up][l] + from[up][j] + from[up][r] + from[i][l] + from[i][r] + from[down][l] +
                             from[down][j] + from[down][r];
                to[i][j] = around == 3 || (around == 2 && from[i][j]);
            }
        }
    }
    uint32_t alive = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) alive = alive * 3 + world[n & 1][i][j];
    return alive;
}
