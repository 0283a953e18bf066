/* The Mandelbrot set in characters. */
#include "demo.h"

#include <complex.h>
#include <stdio.h>

static unsigned escape_time(double complex c, unsigned limit)
{
    double complex z = 0;
    unsigned n = 0;
    while (n < limit && creal(z) * creal(z) + cimag(z) * cimag(z) <= 4) {
        z = z * z + c;
        n++;
    }
    return n;
}

void show_mandelbrot(unsigned columns, unsigned rows)
{
    static const char shades[] = " .,:;!~*+=oxO%#@";
    const unsigned limit = 1000;
    unsigned inside = 0;
    for (unsigned y = 0; y < rows; y++) {
        for (unsigned x = 0; x < columns; x++) {
            double re = -2.1 + 2.9 * x / (columns - 1), im = -1.15 + 2.3 * y / (rows - 1);
            unsigned n = escape_time(re + im * I, limit);
            inside += n == limit;
            putchar(n == limit ? '@' : shades[n < 15 ? n : 15 - (n % 2)]);
        }
        putchar('\n');
    }
    check(inside > columns * rows / 10 && inside < columns * rows / 2, "the share of the Mandelbrot set");
}
