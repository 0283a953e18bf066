/* Integer and floating-point arithmetic over many operand pairs, printed as checksums that are the same
   on any machine. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t state = 0x9e3779b97f4a7c15u, sum;

static uint64_t next(void)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state >> (state & 31);
}

static void mix(uint64_t x)
{
    sum = (sum ^ x) * 0x100000001b3u;
    sum ^= sum >> 29;
}

static void mix_double(double d)
{
    uint64_t bits = 0;
    if (d == d)
        memcpy(&bits, &d, sizeof bits);
    mix(bits);
}

static void mix_float(float f)
{
    uint32_t bits = 0;
    if (f == f)
        memcpy(&bits, &f, sizeof bits);
    mix(bits);
}

#define REPORT(name) printf("%-10s%016llx\n", name, (unsigned long long)sum), sum = 0

int main(void)
{
    for (int i = 0; i < 100000; i++) {
        uint32_t a = (uint32_t)next(), b = (uint32_t)next() | 1;
        mix(a + b), mix(a - b), mix(a * b), mix(a / b), mix(a % b), mix(a << (b & 31)), mix(a >> (b & 31));
        mix((uint32_t)((int32_t)a >> (b & 31)));
        if (a != 0x80000000u)
            mix((uint32_t)((int32_t)a / (int32_t)b)), mix((uint32_t)((int32_t)a % (int32_t)b));
        mix(a << 7 | a >> 25), mix((uint32_t)__builtin_popcount(a)), mix(a < b), mix((int32_t)a < (int32_t)b), mix((uint32_t)(int8_t)a);
        if (a)
            mix((uint32_t)__builtin_clz(a)), mix((uint32_t)__builtin_ctz(a));
    }
    REPORT("i32");
    for (int i = 0; i < 100000; i++) {
        uint64_t a = next(), b = next() | 1;
        mix(a + b), mix(a - b), mix(a * b), mix(a / b), mix(a % b), mix(a << (b & 63)), mix(a >> (b & 63));
        mix((uint64_t)((int64_t)a >> (b & 63)));
        if (a != (uint64_t)1 << 63)
            mix((uint64_t)((int64_t)a / (int64_t)b)), mix((uint64_t)((int64_t)a % (int64_t)b));
        mix(a << 13 | a >> 51), mix((uint64_t)__builtin_popcountll(a)), mix(a < b), mix((int64_t)a < (int64_t)b);
        mix((uint64_t)(int32_t)a), mix((uint64_t)(int16_t)a), mix((uint64_t)((unsigned __int128)a * b >> 64));
        if (a)
            mix((uint64_t)__builtin_clzll(a)), mix((uint64_t)__builtin_ctzll(a));
    }
    REPORT("i64");
    for (int i = 0; i < 100000; i++) {
        double a = (double)(int64_t)next() / 1024, b = (double)(int64_t)next() - 1e6;
        mix_double(a + b), mix_double(a - b), mix_double(a * b), mix_double(a / b), mix_double(sqrt(fabs(a)));
        mix_double(floor(a)), mix_double(ceil(a)), mix_double(trunc(b)), mix_double(nearbyint(a)), mix_double(copysign(a, b));
        mix_double(fmin(a, b)), mix_double(fmax(a, b)), mix(a < b), mix(a >= b), mix((uint64_t)(int64_t)a), mix_double((double)next());
        mix((uint64_t)(int64_t)(int32_t)fmod(a, 1e9));
    }
    REPORT("f64");
    for (int i = 0; i < 100000; i++) {
        float a = (float)(int32_t)next() / 64, b = (float)(int32_t)next() + 0.5f;
        mix_float(a + b), mix_float(a - b), mix_float(a * b), mix_float(a / b), mix_float(sqrtf(fabsf(a)));
        mix_float(floorf(a)), mix_float(ceilf(a)), mix_float(truncf(b)), mix_float(nearbyintf(a)), mix_float(copysignf(a, b));
        mix(a < b), mix(a == b), mix_float((float)next()), mix_double(a), mix_float((float)(1.0 / (double)b));
    }
    REPORT("f32");
    return 0;
}
