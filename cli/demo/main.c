/* The program behind `headwater demo`: a tour through integer, floating-point, memory and call-heavy
   code, in plain C on wasi-libc. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>

void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "demo: self-check failed: %s\n", what);
    exit(1);
}

int main(int argc, char **argv)
{
    unsigned size = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
    check(size >= 1 && size <= 10, "the size is between 1 and 10");
    show_mandelbrot(64, 18);
    show_pi(60 * size);
    show_factorial(30 * size);
    show_sha256();
    show_chess(size > 1 ? 5 : 4);
    show_lisp();
    show_json();
    show_text();
    show_numbers();
    return 0;
}
