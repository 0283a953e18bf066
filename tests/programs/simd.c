/* flags: -msimd128 -ffp-contract=off */
// What C programs do with vectors: the core of a JPEG codec (colours, cosine transform, quantisation, run lengths and
// back), a blur, and matrices of floats. `simd.h` has the intrinsics in plain C, so that it can be built natively, too:
// `cc -O2 -ffp-contract=off simd.c` prints the same.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "simd.h"

enum { WIDTH = 64, HEIGHT = 48, BLOCKS = WIDTH / 8 * (HEIGHT / 8) };

static uint8_t rgb[3][HEIGHT][WIDTH], planes[3][HEIGHT][WIDTH], decoded[3][HEIGHT][WIDTH];

static uint32_t hash(const void *data, size_t len) {
    const uint8_t *p = data;
    uint32_t h = 2166136261u;
    while (len--) h = (h ^ *p++) * 16777619u;
    return h;
}

static void draw(void) {
    uint32_t noise = 1;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            int dx = x - 30, dy = y - 20, inside = dx * dx + dy * dy < 200;
            noise = noise * 1664525 + 1013904223;
            rgb[0][y][x] = inside ? 220 : x * 3;
            rgb[1][y][x] = inside ? 40 + y : y * 5;
            rgb[2][y][x] = (x ^ y) * 2 + (noise >> 29);
        }
}

// Eight bytes as words, and words as eight bytes.
static v128_t wide(const uint8_t *p) { return wasm_u16x8_load8x8(p); }
static void narrow(uint8_t *p, v128_t x) { wasm_v128_store64_lane(p, wasm_u8x16_narrow_i16x8(x, x), 0); }

// A weighted sum of three channels, rounded, by products of pairs.
static v128_t mixed(v128_t a, v128_t b, v128_t c, int wa, int wb, int wc, int bias) {
    const v128_t ab = wasm_i32x4_splat((int)((uint32_t)wb << 16 | (wa & 0xffff))), one = wasm_i16x8_splat(1);
    const v128_t cd = wasm_i32x4_splat((int)(64u << 16 | (wc & 0xffff)));
    v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11), ab);
    v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15), ab);
    low = wasm_i32x4_add(low, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(c, one, 0, 8, 1, 9, 2, 10, 3, 11), cd));
    high = wasm_i32x4_add(high, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(c, one, 4, 12, 5, 13, 6, 14, 7, 15), cd));
    v128_t sum = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(low, 7), wasm_i32x4_shr(high, 7));
    return wasm_i16x8_add(sum, wasm_i16x8_splat((int16_t)bias));
}

static void to_planes(void) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x += 8) {
            v128_t r = wide(&rgb[0][y][x]), g = wide(&rgb[1][y][x]), b = wide(&rgb[2][y][x]);
            narrow(&planes[0][y][x], mixed(r, g, b, 38, 75, 15, 0));
            narrow(&planes[1][y][x], mixed(r, g, b, -22, -42, 64, 128));
            narrow(&planes[2][y][x], mixed(r, g, b, 64, -54, -10, 128));
        }
}

// A block of floats: row i in v[2 i] and v[2 i + 1].
static void transpose4(v128_t *a, v128_t *b, v128_t *c, v128_t *d) {
    v128_t ab = wasm_i32x4_shuffle(*a, *b, 0, 4, 1, 5), cd = wasm_i32x4_shuffle(*c, *d, 0, 4, 1, 5);
    v128_t AB = wasm_i32x4_shuffle(*a, *b, 2, 6, 3, 7), CD = wasm_i32x4_shuffle(*c, *d, 2, 6, 3, 7);
    *a = wasm_i32x4_shuffle(ab, cd, 0, 1, 4, 5), *b = wasm_i32x4_shuffle(ab, cd, 2, 3, 6, 7);
    *c = wasm_i32x4_shuffle(AB, CD, 0, 1, 4, 5), *d = wasm_i32x4_shuffle(AB, CD, 2, 3, 6, 7);
}

static void transpose(v128_t v[16]) {
    transpose4(&v[0], &v[2], &v[4], &v[6]), transpose4(&v[9], &v[11], &v[13], &v[15]);
    transpose4(&v[1], &v[3], &v[5], &v[7]), transpose4(&v[8], &v[10], &v[12], &v[14]);
    for (int i = 0; i < 4; i++) {
        v128_t t = v[2 * i + 1];
        v[2 * i + 1] = v[2 * i + 8], v[2 * i + 8] = t;
    }
}

// cos(k π / 16) / 2, and its half root for k = 4 as the first row.
static const float COS[8] = {0.35355339f, 0.49039264f, 0.46193977f, 0.41573481f,
                             0.35355339f, 0.27778512f, 0.19134172f, 0.09754516f};

static float basis(int k, int x) {
    if (k == 0) return COS[0];
    int angle = k * (2 * x + 1) % 32;
    float sign = 1;
    if (angle > 16) angle = 32 - angle;
    if (angle > 8) angle = 16 - angle, sign = -1;
    return angle == 8 ? 0 : sign * COS[angle];
}

// The transform of all columns, or its inverse.
static void columns(v128_t v[16], int inverse) {
    v128_t out[16];
    for (int k = 0; k < 8; k++) {
        v128_t left = wasm_f32x4_splat(0), right = left;
        for (int x = 0; x < 8; x++) {
            v128_t weight = wasm_f32x4_splat(inverse ? basis(x, k) : basis(k, x));
            left = wasm_f32x4_add(left, wasm_f32x4_mul(weight, v[2 * x]));
            right = wasm_f32x4_add(right, wasm_f32x4_mul(weight, v[2 * x + 1]));
        }
        out[2 * k] = left, out[2 * k + 1] = right;
    }
    memcpy(v, out, sizeof out);
}

static void both_ways(v128_t v[16], int inverse) {
    columns(v, inverse), transpose(v), columns(v, inverse), transpose(v);
}

static const uint8_t QUANTISERS[64] = {
    16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,  14, 13, 16, 24, 40,  57,
    69, 56, 14, 17, 22,  29,  51,  87,  80, 62, 18, 22, 37,  56,  68,  109, 103, 77, 24, 35, 55, 64,
    81, 104, 113, 92, 49, 64, 78,  87,  103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};

static v128_t quantiser(int i) {
    v128_t words = wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(QUANTISERS + 4 * i));
    return wasm_f32x4_convert_i32x4(wasm_u32x4_extend_low_u16x8(words));
}

static void encode(const uint8_t plane[HEIGHT][WIDTH], int row, int column, int16_t coefficients[64]) {
    v128_t v[16];
    for (int i = 0; i < 8; i++) {
        v128_t words = wasm_i16x8_sub(wide(&plane[row + i][column]), wasm_i16x8_splat(128));
        v[2 * i] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(words));
        v[2 * i + 1] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(words));
    }
    both_ways(v, 0);
    for (int i = 0; i < 16; i += 2) {
        v128_t low = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_div(v[i], quantiser(i))));
        v128_t high = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_div(v[i + 1], quantiser(i + 1))));
        wasm_v128_store(coefficients + 4 * i, wasm_i16x8_narrow_i32x4(low, high));
    }
}

static void decode(const int16_t coefficients[64], uint8_t plane[HEIGHT][WIDTH], int row, int column) {
    v128_t v[16];
    for (int i = 0; i < 16; i += 2) {
        v128_t words = wasm_v128_load(coefficients + 4 * i);
        v[i] = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(words)), quantiser(i));
        v[i + 1] = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(words)), quantiser(i + 1));
    }
    both_ways(v, 1);
    for (int i = 0; i < 8; i++) {
        v128_t low = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(v[2 * i]));
        v128_t high = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(v[2 * i + 1]));
        narrow(&plane[row + i][column], wasm_i16x8_add(wasm_i16x8_narrow_i32x4(low, high), wasm_i16x8_splat(128)));
    }
}

// Zeros and sizes as a JPEG counts them; which coefficients are not zero comes from a mask.
static unsigned bits_of(const int16_t c[64]) {
    unsigned bits = 4;
    uint64_t mask = 0;
    for (int i = 0; i < 64; i += 8)
        mask |= (uint64_t)(uint8_t)~wasm_i16x8_bitmask(wasm_i16x8_eq(wasm_v128_load(c + i), wasm_i16x8_splat(0))) << i;
    for (int last = -1; mask; mask &= mask - 1) {
        int i = __builtin_ctzll(mask), size = 32 - __builtin_clz(abs(c[i]));
        bits += 4 + (i - last - 1) / 16 * 11 + size, last = i;
    }
    return bits;
}

static void jpeg(void) {
    static int16_t coefficients[3][BLOCKS][64];
    unsigned bits = 0, worst = 0;
    to_planes();
    for (int p = 0; p < 3; p++)
        for (int b = 0; b < BLOCKS; b++) {
            int row = b / (WIDTH / 8) * 8, column = b % (WIDTH / 8) * 8;
            encode(planes[p], row, column, coefficients[p][b]);
            bits += bits_of(coefficients[p][b]);
            decode(coefficients[p][b], decoded[p], row, column);
        }
    v128_t most = wasm_i8x16_splat(0);
    const uint8_t *a = &planes[0][0][0], *b = &decoded[0][0][0];
    for (size_t i = 0; i < sizeof planes; i += 16) {
        v128_t x = wasm_v128_load(a + i), y = wasm_v128_load(b + i);
        most = wasm_u8x16_max(most, wasm_v128_or(wasm_u8x16_sub_sat(x, y), wasm_u8x16_sub_sat(y, x)));
    }
    uint8_t lanes[16];
    wasm_v128_store(lanes, most);
    for (int i = 0; i < 16; i++) worst = lanes[i] > worst ? lanes[i] : worst;
    printf("planes %08x\ncoefficients %08x, %u bits\ndecoded %08x, at most %u off\n", hash(planes, sizeof planes),
           hash(coefficients, sizeof coefficients), bits, hash(decoded, sizeof decoded), worst);
}

static void blur(void) {
    static uint8_t out[HEIGHT][WIDTH];
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 16; x < WIDTH - 16; x += 16) {
            v128_t sums[2];
            for (int half = 0; half < 2; half++) {
                v128_t sum = wasm_i16x8_splat(8);
                for (int dy = -1; dy <= 1; dy++) {
                    const uint8_t *p = &planes[0][y + dy][x + 8 * half];
                    v128_t line = wasm_i16x8_add(wasm_i16x8_add(wide(p - 1), wide(p + 1)), wasm_i16x8_shl(wide(p), 1));
                    sum = wasm_i16x8_add(sum, wasm_i16x8_shl(line, dy == 0));
                }
                sums[half] = wasm_u16x8_shr(sum, 4);
            }
            // Edges stay sharp.
            v128_t soft = wasm_u8x16_narrow_i16x8(sums[0], sums[1]), sharp = wasm_v128_load(&planes[0][y][x]);
            v128_t differ = wasm_v128_or(wasm_u8x16_sub_sat(soft, sharp), wasm_u8x16_sub_sat(sharp, soft));
            wasm_v128_store(&out[y][x], wasm_v128_bitselect(sharp, soft, wasm_u8x16_gt(differ, wasm_u8x16_splat(24))));
        }
    printf("blurred %08x\n", hash(out, sizeof out));
}

static void matrices(void) {
    float a[4][4], b[4][4];
    for (int i = 0; i < 16; i++)
        a[i / 4][i % 4] = (float)(i * 7 % 5) - 1.5f, b[i / 4][i % 4] = (float)(i * 3 % 7) * 0.25f;
    for (int n = 0; n < 50; n++) {
        v128_t most = wasm_f32x4_splat(0);
        for (int i = 0; i < 4; i++) {
            v128_t row = wasm_f32x4_splat(0);
            for (int k = 0; k < 4; k++)
                row = wasm_f32x4_add(row, wasm_f32x4_mul(wasm_v128_load32_splat(&a[i][k]), wasm_v128_load(b[k])));
            wasm_v128_store(a[i], row);
            most = wasm_f32x4_max(most, wasm_f32x4_abs(row));
        }
        most = wasm_f32x4_max(most, wasm_i32x4_shuffle(most, most, 2, 3, 0, 1));
        float largest = wasm_f32x4_extract_lane(wasm_f32x4_max(most, wasm_i32x4_shuffle(most, most, 1, 0, 3, 2)), 0);
        for (int i = 0; i < 4; i++) {
            v128_t row = wasm_f32x4_div(wasm_v128_load(a[i]), wasm_f32x4_splat(largest));
            wasm_v128_store(a[i], wasm_f32x4_sqrt(wasm_f32x4_abs(row)));
        }
    }
    printf("matrix %08x %.6f %.6f\n", hash(a, sizeof a), a[0][0], a[3][2]);
}

int main(void) {
    draw();
    jpeg();
    blur();
    matrices();
}
