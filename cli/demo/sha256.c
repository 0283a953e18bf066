/* SHA-256 (FIPS 180-4); the constants are computed, not listed. */
#include "demo.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static uint32_t round_constants[64], first_state[8];

static uint32_t rotate(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

/* The first 32 bits of the fractional parts of the roots of the first primes. */
static void make_constants(void)
{
    unsigned found = 0;
    for (unsigned candidate = 2; found < 64; candidate++) {
        bool prime = true;
        for (unsigned d = 2; d * d <= candidate && prime; d++)
            prime = candidate % d != 0;
        if (!prime)
            continue;
        long double cube = cbrtl(candidate), square = sqrtl(candidate);
        round_constants[found] = (uint32_t)((cube - floorl(cube)) * 4294967296.0L);
        if (found < 8)
            first_state[found] = (uint32_t)((square - floorl(square)) * 4294967296.0L);
        found++;
    }
}

static void block(uint32_t state[8], const uint8_t bytes[64])
{
    uint32_t w[64], s[8];
    for (unsigned i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 | (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (unsigned i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof s);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t e = s[4], a = s[0];
        uint32_t t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + round_constants[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += s[i];
}

void sha256_hex(const void *data, size_t length, char hex[65])
{
    if (round_constants[0] == 0)
        make_constants();
    uint32_t state[8];
    memcpy(state, first_state, sizeof state);
    const uint8_t *at = data;
    size_t rest = length;
    for (; rest >= 64; rest -= 64, at += 64)
        block(state, at);
    uint8_t last[128] = {0};
    memcpy(last, at, rest);
    last[rest] = 0x80;
    size_t padded = rest < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)length * 8;
    for (unsigned i = 0; i < 8; i++)
        last[padded - 1 - i] = (uint8_t)(bits >> 8 * i);
    for (size_t i = 0; i < padded; i += 64)
        block(state, last + i);
    for (unsigned i = 0; i < 8; i++)
        sprintf(hex + 8 * i, "%08x", state[i]);
}

void show_sha256(void)
{
    char hex[65];
    sha256_hex("", 0, hex);
    check(strcmp(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0, "SHA-256 of nothing");
    sha256_hex("abc", 3, hex);
    check(strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0, "SHA-256 of abc");
    static uint8_t data[1000000];
    memset(data, 'a', sizeof data);
    sha256_hex(data, sizeof data, hex);
    check(strcmp(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0") == 0, "SHA-256 of a million a");
    printf("%-12s%s\n", "sha256", hex);
}
