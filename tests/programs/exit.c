/* Exits with the status given as the only argument, from deep inside, after output that must not be lost. */
#include <stdio.h>
#include <stdlib.h>

static __attribute__((noinline)) int deep(int depth, int status)
{
    if (depth == 0)
        exit(status);
    return deep(depth - 1, status) + 1;
}

int main(int argc, char **argv)
{
    printf("leaving");
    return deep(1000, argc > 1 ? atoi(argv[1]) : 0);
}
