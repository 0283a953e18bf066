// A state machine that recognizes numbers in text, character by character.
#include "kernel.h"
enum State { START, SIGN, INT, POINT, FRACTION, E, E_SIGN, EXPONENT, BAD, STATES };
static const char *const words[] = {"5012,", "-874,", "+122,", "35.54,", ".1234e3,", "-110.7e+04,", "T0.3e-1F,", "1.e,", "5e1x,"};
static char text[4096];
static NOINLINE const char *scan(const char *p, uint32_t counts[STATES]) {
    enum State state = START;
    for (; *p && *p != ','; p++) {
        char c = *p;
        int digit = c >= '0' && c <= '9';
        switch (state) {
        case START: state = digit ? INT : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : BAD; break;
        case SIGN: state = digit ? INT : c == '.' ? POINT : BAD; break;
        case INT: state = digit ? INT : c == '.' ? POINT : c == 'e' ? E : BAD; break;
        case POINT:
        case FRACTION: state = digit ? FRACTION : c == 'e' ? E : BAD; break;
        case E: state = digit ? EXPONENT : c == '+' || c == '-' ? E_SIGN : BAD; break;
        case E_SIGN:
        case EXPONENT: state = digit ? EXPONENT : BAD; break;
        default: break;
        }
    }
    counts[state]++;
    return *p ? p + 1 : p;
}
RUN {
    uint32_t seed = 3, at = 0, counts[STATES] = {0}, sum = 0;
    while (at < sizeof text - 16)
        for (const char *w = words[next(&seed) % 9]; *w; w++) text[at++] = *w;
    while (n--) {
        text[next(&seed) % at] ^= 1;
        for (const char *p = text; *p;) p = scan(p, counts);
    }
    for (int i = 0; i < STATES; i++) sum = sum * 31 + counts[i];
    return sum;
}
