// Decoding UTF-8 with all its checks.
#include "kernel.h"
static uint8_t text[8192];
static NOINLINE uint32_t decode(const uint8_t *p, const uint8_t *end) {
    uint32_t sum = 0;
    while (p < end) {
        uint32_t c = *p++, more = 0, least = 0;
        if (c >= 0xf0) more = 3, least = 0x10000, c &= 7;
        else if (c >= 0xe0) more = 2, least = 0x800, c &= 15;
        else if (c >= 0xc0) more = 1, least = 0x80, c &= 31;
        for (; more && p < end && (*p & 0xc0) == 0x80; more--) c = c << 6 | (*p++ & 63);
        if (more || c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = 0xfffd;
        sum = sum * 33 + c;
    }
    return sum;
}
RUN {
    uint32_t seed = 17, sum = 0, at = 0;
    while (at < sizeof text - 4) {
        uint32_t r = next(&seed), c = r >> 8 & 0x3ff;
        if (r & 1) text[at++] = c & 0x7f;
        else if (r & 2) text[at++] = 0xc0 | c >> 6, text[at++] = 0x80 | (c & 63);
        else text[at++] = 0xe0 | (c & 15), text[at++] = 0x80 | (c >> 4 & 63), text[at++] = 0x80 | (r >> 20 & 63);
    }
    while (n--) {
        text[next(&seed) % at] ^= 0x40;
        sum += decode(text, text + at);
    }
    return sum;
}
