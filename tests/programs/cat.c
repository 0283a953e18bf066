/* Copies standard input to standard output, counting lines on standard error. */
#include <stdio.h>

int main(void)
{
    unsigned lines = 0;
    int c;
    while ((c = getchar()) != EOF) {
        lines += c == '\n';
        putchar(c);
    }
    fprintf(stderr, "%u lines\n", lines);
    return 0;
}
