// Published test vectors, and a compression round trip: what is printed is known beforehand.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(const char *name, const uint8_t *bytes, size_t len) {
    printf("%s ", name);
    for (size_t i = 0; i < len; i++) printf("%02x", bytes[i]);
    printf("\n");
}

// AES-128 (FIPS 197), with tables made at run time.
static uint8_t sbox[256], inverse_sbox[256];

static uint8_t times(uint8_t a, uint8_t b) {
    uint8_t product = 0;
    for (; b; b >>= 1, a = a << 1 ^ (a & 0x80 ? 0x1b : 0))
        if (b & 1) product ^= a;
    return product;
}

static void make_tables(void) {
    for (int x = 0; x < 256; x++) {
        uint8_t inverse = 0;
        for (int y = 1; y < 256 && x; y++)
            if (times(x, y) == 1) inverse = y;
        uint8_t s = inverse;
        for (int i = 1; i < 5; i++) s ^= inverse << i | inverse >> (8 - i);
        sbox[x] = s ^ 0x63;
        inverse_sbox[s ^ 0x63] = x;
    }
}

static void expand(const uint8_t *key, uint8_t keys[176]) {
    uint8_t round = 1;
    memcpy(keys, key, 16);
    for (int i = 16; i < 176; i += 4) {
        uint8_t word[4];
        memcpy(word, keys + i - 4, 4);
        if (i % 16 == 0) {
            uint8_t first = word[0];
            word[0] = sbox[word[1]] ^ round;
            word[1] = sbox[word[2]];
            word[2] = sbox[word[3]];
            word[3] = sbox[first];
            round = times(round, 2);
        }
        for (int j = 0; j < 4; j++) keys[i + j] = keys[i - 16 + j] ^ word[j];
    }
}

static void mix(uint8_t state[16], const uint8_t row[4]) {
    for (int c = 0; c < 16; c += 4) {
        uint8_t column[4];
        memcpy(column, state + c, 4);
        for (int r = 0; r < 4; r++) {
            state[c + r] = 0;
            for (int i = 0; i < 4; i++) state[c + r] ^= times(column[i], row[(i - r + 4) % 4]);
        }
    }
}

static void shift(uint8_t state[16], int by) {
    uint8_t old[16];
    memcpy(old, state, 16);
    for (int i = 0; i < 16; i++) state[i] = old[(i + 4 * by * (i % 4) + 64) % 16];
}

static void add(uint8_t state[16], const uint8_t *key) {
    for (int i = 0; i < 16; i++) state[i] ^= key[i];
}

static void encrypt(uint8_t state[16], const uint8_t keys[176]) {
    static const uint8_t row[4] = {2, 3, 1, 1};
    add(state, keys);
    for (int round = 1; round <= 10; round++) {
        for (int i = 0; i < 16; i++) state[i] = sbox[state[i]];
        shift(state, 1);
        if (round < 10) mix(state, row);
        add(state, keys + 16 * round);
    }
}

static void decrypt(uint8_t state[16], const uint8_t keys[176]) {
    static const uint8_t row[4] = {14, 11, 13, 9};
    for (int round = 10; round >= 1; round--) {
        add(state, keys + 16 * round);
        if (round < 10) mix(state, row);
        shift(state, -1);
        for (int i = 0; i < 16; i++) state[i] = inverse_sbox[state[i]];
    }
    add(state, keys);
}

static void aes(void) {
    uint8_t key[16], state[16], keys[176];
    make_tables();
    for (int i = 0; i < 16; i++) key[i] = i, state[i] = i * 0x11;
    expand(key, keys);
    encrypt(state, keys);
    print("aes-128", state, 16);
    decrypt(state, keys);
    print("back", state, 16);
    for (int i = 0; i < 1000; i++) encrypt(state, keys);
    for (int i = 0; i < 1000; i++) decrypt(state, keys);
    print("again", state, 16);
}

// SHA-256 (FIPS 180-4), with its constants computed: the fractions of roots of primes.
static uint32_t rotr(uint32_t x, int k) { return x >> k | x << (32 - k); }

static uint32_t fraction(double prime, int cube) {
    double root = prime / 2;
    for (int i = 0; i < 60; i++)
        root = cube ? root - (root * root * root - prime) / (3 * root * root) : (root + prime / root) / 2;
    // The double has 52 bits, of which 4 at most are before the point.
    return (uint32_t)((root - (double)(int)root) * 4294967296.0);
}

static void sha256(const char *text, uint8_t digest[32]) {
    uint32_t h[8], k[64], w[64];
    int primes = 0;
    for (int n = 2; primes < 64; n++) {
        int prime = 1;
        for (int d = 2; d * d <= n; d++) prime &= n % d != 0;
        if (!prime) continue;
        if (primes < 8) h[primes] = fraction(n, 0);
        k[primes++] = fraction(n, 1);
    }
    size_t len = strlen(text), blocks = (len + 8) / 64 + 1;
    uint8_t *data = calloc(blocks, 64);
    memcpy(data, text, len);
    data[len] = 0x80;
    for (int i = 0; i < 8; i++) data[blocks * 64 - 1 - i] = (uint64_t)len * 8 >> (8 * i);
    for (size_t block = 0; block < blocks; block++) {
        for (int i = 0; i < 16; i++) {
            const uint8_t *p = data + 64 * block + 4 * i;
            w[i] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
        }
        for (int i = 16; i < 64; i++)
            w[i] = w[i - 16] + w[i - 7] + (rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3) +
                   (rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10);
        uint32_t v[8];
        memcpy(v, h, sizeof v);
        for (int i = 0; i < 64; i++) {
            uint32_t a = v[0], e = v[4];
            uint32_t one = v[7] + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
            uint32_t two = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof *v);
            v[4] += one;
            v[0] = one + two;
        }
        for (int i = 0; i < 8; i++) h[i] += v[i];
    }
    free(data);
    for (int i = 0; i < 32; i++) digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

// Runs and repetitions: a byte of length, then so many bytes, or (with the upper bit set) a distance of two bytes.
static size_t compress(const uint8_t *in, size_t len, uint8_t *out) {
    static size_t latest[65536];
    size_t n = 0, literal = 0;
    for (size_t i = 0; i < len;) {
        size_t match = 0, from = 0;
        if (i + 4 <= len) {
            uint32_t word;
            memcpy(&word, in + i, 4);
            size_t *slot = &latest[word * 2654435761u >> 16];
            from = *slot - 1;
            if (*slot && i - from < 65536)
                while (match < 127 && i + match < len && in[from + match] == in[i + match]) match++;
            *slot = i + 1;
        }
        if (match < 4) {
            i++;
            if (i - literal < 127 && i < len) continue;
            match = 0;
        }
        if (i > literal) {
            out[n++] = i - literal;
            memcpy(out + n, in + literal, i - literal);
            n += i - literal;
        }
        if (match) {
            out[n++] = 0x80 | match;
            out[n++] = (i - from) & 0xff;
            out[n++] = (i - from) >> 8;
            i += match;
        }
        literal = i;
    }
    return n;
}

static size_t expand_bytes(const uint8_t *in, size_t len, uint8_t *out) {
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        uint8_t count = in[i++];
        if (count & 0x80) {
            size_t distance = in[i] | in[i + 1] << 8;
            i += 2;
            for (count &= 0x7f; count--; n++) out[n] = out[n - distance];
        } else {
            memcpy(out + n, in + i, count);
            n += count;
            i += count;
        }
    }
    return n;
}

static void round_trip(void) {
    enum { SIZE = 200000 };
    uint8_t *text = malloc(SIZE), *packed = malloc(2 * SIZE), *back = malloc(SIZE);
    static const char *words[] = {"stream ", "of ", "bytes ", "becomes ", "machine ", "code ", "while ", "it ", "arrives\n"};
    uint32_t state = 1;
    size_t n = 0;
    while (n < SIZE) {
        state = state * 1664525 + 1013904223;
        for (const char *c = words[(state >> 24) % 9]; *c && n < SIZE;) text[n++] = *c++;
    }
    size_t size = compress(text, SIZE, packed);
    size_t again = expand_bytes(packed, size, back);
    printf("%zu bytes, %s, %s\n", again, size < SIZE / 2 ? "less than half when packed" : "no smaller when packed",
           memcmp(text, back, SIZE) ? "different" : "the same");
    free(text), free(packed), free(back);
}

int main(void) {
    uint8_t digest[32];
    aes();
    sha256("abc", digest);
    print("sha-256", digest, 32);
    sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", digest);
    print("sha-256", digest, 32);
    round_trip();
    return 0;
}
