/* Prints its arguments and environment. */
#include <stdio.h>

extern char **environ;

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    for (char **e = environ; *e != NULL; e++)
        printf("environment: %s\n", *e);
    puts("hello");
    return 0;
}
