/* Traps in the way named by the only argument. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int zero = 0, least = INT_MIN;
static volatile double huge = 1e30;
static volatile unsigned far_away = 0xfffffff0u;
static volatile int sink;

static __attribute__((noinline)) void by_division(void) { sink = least / zero; }
static __attribute__((noinline)) void by_overflow(void) { sink = least / (zero - 1); }
static __attribute__((noinline)) void by_load(void) { sink = *(volatile int *)far_away; }
static __attribute__((noinline)) void by_store(void) { *(volatile int *)far_away = 1; }
static __attribute__((noinline)) void by_unreachable(void) { __builtin_trap(); }
static __attribute__((noinline)) void by_conversion(void)
{
    int n;
    double d = huge;
    __asm__("local.get %1\n\ti32.trunc_f64_s\n\tlocal.set %0" : "=r"(n) : "r"(d));
    sink = n;
}

/* Needs the stack of the engine only: nothing in it has an address. */
static __attribute__((noinline)) int recurse(int n)
{
    return n == -1 ? 0 : recurse(n + 1) * 3 + recurse(n + 2);
}

static int wrong_type(double d) { return (int)d; }
static void *volatile wrong = (void *)wrong_type;

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    puts("before");
    fflush(stdout);
    if (strcmp(how, "divide") == 0)
        by_division();
    else if (strcmp(how, "overflow") == 0)
        by_overflow();
    else if (strcmp(how, "load") == 0)
        by_load();
    else if (strcmp(how, "store") == 0)
        by_store();
    else if (strcmp(how, "unreachable") == 0)
        by_unreachable();
    else if (strcmp(how, "convert") == 0)
        by_conversion();
    else if (strcmp(how, "abort") == 0)
        abort();
    else if (strcmp(how, "stack") == 0)
        sink = recurse(0);
    else if (strcmp(how, "signature") == 0)
        sink = ((int (*)(int, int))wrong)(1, 2);
    else if (strcmp(how, "null") == 0)
        sink = ((int (*)(int, int))(size_t)zero)(1, 2);
    puts("after");
    return 0;
}
