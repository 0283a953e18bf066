/* The parts of the demo program. Each part prints a few lines of its own and checks itself: a wrong
   result ends the program with status 1, so that a miscompiled module cannot look like a working one. */
#ifndef DEMO_H
#define DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ends the program with a message when `ok` is false. */
void check(bool ok, const char *what);

/* bignum.c: natural numbers of any size. */
void show_factorial(unsigned n);
void show_pi(unsigned digits);

/* sha256.c */
void sha256_hex(const void *data, size_t length, char hex[65]);
void show_sha256(void);

/* chess.c: counts the positions reachable in a number of half-moves. */
void show_chess(unsigned depth);

/* lisp.c: a small interpreter, and the programs it runs. */
void show_lisp(void);

/* mandelbrot.c */
void show_mandelbrot(unsigned columns, unsigned rows);

/* json.c: parses, edits and prints a document. */
void show_json(void);

/* text.c: words, regular expressions, dates and a compressor. */
void show_text(void);

/* numbers.c: matrices, Fourier transform, integration, special functions. */
void show_numbers(void);

#endif
