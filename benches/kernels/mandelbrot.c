// Escape times over a small picture, in doubles.
#include "kernel.h"
enum { SIDE = 48 };
RUN {
    uint32_t sum = 0;
    while (n--)
        for (int row = 0; row < SIDE; row++)
            for (int column = 0; column < SIDE; column++) {
                double cr = column * (3.0 / SIDE) - 2.0, ci = row * (2.4 / SIDE) - 1.2, r = 0, i = 0;
                uint32_t steps = 0;
                while (steps < 60 && r * r + i * i < 4) {
                    double next = r * r - i * i + cr;
                    i = 2 * r * i + ci, r = next;
                    steps++;
                }
                sum = sum * 3 + steps;
            }
    return sum;
}
