/* Natural numbers as little-endian arrays of base 10^9 digits. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE 1000000000u

typedef struct {
    uint32_t *digits;
    size_t length, capacity;
} Number;

static void reserve(Number *n, size_t length)
{
    if (length <= n->capacity)
        return;
    n->capacity = length * 2;
    n->digits = realloc(n->digits, n->capacity * sizeof *n->digits);
    check(n->digits != NULL, "memory for a number");
}

static void trim(Number *n)
{
    while (n->length > 0 && n->digits[n->length - 1] == 0)
        n->length--;
}

static Number from_small(uint32_t value)
{
    Number n = {0};
    reserve(&n, 2);
    n.digits[0] = value % BASE;
    n.digits[1] = value / BASE;
    n.length = 2;
    trim(&n);
    return n;
}

static void multiply_small(Number *n, uint32_t factor)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < n->length; i++) {
        carry += (uint64_t)n->digits[i] * factor;
        n->digits[i] = (uint32_t)(carry % BASE);
        carry /= BASE;
    }
    while (carry != 0) {
        reserve(n, n->length + 1);
        n->digits[n->length++] = (uint32_t)(carry % BASE);
        carry /= BASE;
    }
}

static uint32_t divide_small(Number *n, uint32_t divisor)
{
    uint64_t rest = 0;
    for (size_t i = n->length; i-- > 0;) {
        rest = rest * BASE + n->digits[i];
        n->digits[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    trim(n);
    return (uint32_t)rest;
}

static void add(Number *to, const Number *what)
{
    size_t length = to->length > what->length ? to->length : what->length;
    reserve(to, length + 1);
    memset(to->digits + to->length, 0, (length + 1 - to->length) * sizeof *to->digits);
    uint32_t carry = 0;
    for (size_t i = 0; i <= length; i++) {
        uint32_t sum = to->digits[i] + carry + (i < what->length ? what->digits[i] : 0);
        carry = sum >= BASE;
        to->digits[i] = carry ? sum - BASE : sum;
    }
    to->length = length + 1;
    trim(to);
}

/* Requires `from >= what`. */
static void subtract(Number *from, const Number *what)
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < from->length; i++) {
        uint32_t take = borrow + (i < what->length ? what->digits[i] : 0);
        borrow = from->digits[i] < take;
        from->digits[i] += borrow ? BASE - take : -take;
    }
    check(borrow == 0, "no difference below zero");
    trim(from);
}

static Number product(const Number *a, const Number *b)
{
    Number p = {0};
    reserve(&p, a->length + b->length + 1);
    p.length = a->length + b->length;
    memset(p.digits, 0, p.length * sizeof *p.digits);
    for (size_t i = 0; i < a->length; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < b->length || carry != 0; j++) {
            carry += p.digits[i + j] + (j < b->length ? (uint64_t)a->digits[i] * b->digits[j] : 0);
            p.digits[i + j] = (uint32_t)(carry % BASE);
            carry /= BASE;
        }
    }
    trim(&p);
    return p;
}

static bool equal(const Number *a, const Number *b)
{
    return a->length == b->length && memcmp(a->digits, b->digits, a->length * sizeof *a->digits) == 0;
}

/* The decimal digits, to be freed by the caller. */
static char *text_of(const Number *n)
{
    char *text = malloc(n->length * 9 + 2), *at = text;
    check(text != NULL, "memory for digits");
    if (n->length == 0)
        return strcpy(text, "0");
    at += sprintf(at, "%u", n->digits[n->length - 1]);
    for (size_t i = n->length - 1; i-- > 0;)
        at += sprintf(at, "%09u", n->digits[i]);
    return text;
}

static Number factorial(unsigned from, unsigned to)
{
    if (to - from < 8) {
        Number n = from_small(from);
        for (unsigned i = from + 1; i <= to; i++)
            multiply_small(&n, i);
        return n;
    }
    unsigned middle = from + (to - from) / 2;
    Number low = factorial(from, middle), high = factorial(middle + 1, to);
    Number all = product(&low, &high);
    free(low.digits);
    free(high.digits);
    return all;
}

void show_factorial(unsigned n)
{
    Number split = factorial(1, n), plain = from_small(1);
    for (unsigned i = 2; i <= n; i++)
        multiply_small(&plain, i);
    check(equal(&split, &plain), "a factorial computed in two ways");
    char *text = text_of(&split);
    printf("%-12s%s\n", "factorial", text);
    for (unsigned i = n; i > 1; i--)
        check(divide_small(&plain, i) == 0, "a factorial is divisible by its factors");
    check(plain.length == 1 && plain.digits[0] == 1, "dividing a factorial away leaves one");
    free(text);
    free(split.digits);
    free(plain.digits);
}

/* one * arctan(1/x) by its series. */
static Number arctan_inverse(const Number *one, uint32_t x)
{
    Number power = {0}, sum = {0};
    add(&power, one);
    divide_small(&power, x);
    add(&sum, &power);
    for (uint32_t n = 3; power.length > 0; n += 2) {
        divide_small(&power, x * x);
        Number term = {0};
        add(&term, &power);
        divide_small(&term, n);
        if (n % 4 == 3)
            subtract(&sum, &term);
        else
            add(&sum, &term);
        free(term.digits);
    }
    free(power.digits);
    return sum;
}

void show_pi(unsigned digits)
{
    /* Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), with ten digits to spare. */
    Number one = from_small(1);
    for (unsigned i = 0; i < digits + 10; i++)
        multiply_small(&one, 10);
    Number pi = arctan_inverse(&one, 5), small = arctan_inverse(&one, 239);
    multiply_small(&pi, 16);
    multiply_small(&small, 4);
    subtract(&pi, &small);
    char *text = text_of(&pi);
    check(strncmp(text, "31415926535897932384626433832795028841971693993751058209749445923", digits < 64 ? digits : 64) == 0,
          "the first digits of pi");
    printf("%-12s3.%.*s\n", "pi", (int)digits, text + 1);
    free(text);
    free(one.digits);
    free(pi.digits);
    free(small.digits);
}
