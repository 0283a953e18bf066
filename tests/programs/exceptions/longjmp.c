// setjmp and longjmp: through frames, out of loops, several times, with values that were changed in between.
#include <setjmp.h>
#include <stdio.h>

static jmp_buf outer, inner;

static void deep(int n, int value) {
    volatile double kept = n * 0.5;
    if (n == 0) longjmp(outer, value);
    deep(n - 1, value);
    printf("not reached %g\n", kept);
}

static int twice(int value) {
    volatile int count = 0;
    const int got = setjmp(inner);
    count++;
    if (got == 0) {
        if (value > 2) longjmp(inner, value);
        return -1;
    }
    return got * 100 + count;
}

int main(void) {
    volatile int rounds = 0;
    const int got = setjmp(outer);
    printf("setjmp: %d, round %d\n", got, rounds);
    if (rounds < 4) {
        rounds++;
        printf("twice: %d\n", twice(rounds));
        deep(10, rounds * 10);
    }
    printf("done after %d\n", rounds);
    return 0;
}
