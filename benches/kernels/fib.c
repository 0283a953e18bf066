// Recursive calls with one parameter.
#include "kernel.h"
static NOINLINE uint32_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
RUN {
    uint32_t sum = 0;
    while (n--) sum += fib(24 + (n & 1));
    return sum;
}
