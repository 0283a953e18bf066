/* Text processing without anything exotic: tokens, formatting, numbers in and out, memory functions. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reverse(char *s)
{
    for (size_t i = 0, j = strlen(s); i + 1 < j; i++) {
        char c = s[i];
        s[i] = s[--j];
        s[j] = c;
    }
}

int main(void)
{
    char text[] = "one, two;three  four,five", *rest = text;
    for (char *word = strtok_r(text, " ,;", &rest); word != NULL; word = strtok_r(NULL, " ,;", &rest)) {
        reverse(word);
        word[0] = (char)toupper((unsigned char)word[0]);
        printf("%s ", word);
    }
    putchar('\n');
    printf("%d %5d|%-5d|%05d %x %#o %llu %c%%\n", -1, 42, 42, 42, 0xbeef, 8, 18446744073709551615ull, 'c');
    printf("%.3f %e %g %10.2f|%-10.1f| %g %g\n", 3.14159, 12345.678, 0.0001, 2.5, 2.25, 1e100, 1.0 / 3);
    printf("%ld %lu %g %g\n", strtol("-0x7f", NULL, 0), strtoul("4294967295", NULL, 10), strtod("1e-3", NULL), atof("  2.50x"));
    char big[300], copy[300];
    memset(big, 'x', sizeof big);
    big[299] = '\0';
    memcpy(copy, big, sizeof big);
    memmove(big + 10, big, 200);
    printf("%zu %d %d %s\n", strlen(big), strcmp(big, copy), memcmp("abc", "abd", 3) < 0, strstr("needle in hay", "in "));
    for (int i = 0; i < 300; i++)
        big[i] = (char)('a' + i % 26);
    memmove(big + 1, big, 100);
    printf("%.30s %s\n", big, strrchr("a/b/c", '/'));
    return 0;
}
