/* Floating point: linear algebra, Fourier transform, integration, special functions, statistics. */
#include "demo.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N 24

static bool near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance * fmax(1, fmax(fabs(a), fabs(b)));
}

/* Solves a x = b by elimination with partial pivoting; returns the determinant. */
static double solve(double a[N][N], double b[N])
{
    double determinant = 1;
    for (unsigned k = 0; k < N; k++) {
        unsigned pivot = k;
        for (unsigned i = k + 1; i < N; i++)
            if (fabs(a[i][k]) > fabs(a[pivot][k]))
                pivot = i;
        if (pivot != k) {
            for (unsigned j = 0; j < N; j++) {
                double t = a[k][j];
                a[k][j] = a[pivot][j];
                a[pivot][j] = t;
            }
            double t = b[k];
            b[k] = b[pivot];
            b[pivot] = t;
            determinant = -determinant;
        }
        determinant *= a[k][k];
        for (unsigned i = k + 1; i < N; i++) {
            double f = a[i][k] / a[k][k];
            for (unsigned j = k; j < N; j++)
                a[i][j] -= f * a[k][j];
            b[i] -= f * b[k];
        }
    }
    for (unsigned k = N; k-- > 0;) {
        for (unsigned j = k + 1; j < N; j++)
            b[k] -= a[k][j] * b[j];
        b[k] /= a[k][k];
    }
    return determinant;
}

static void fourier(double complex *x, unsigned n, bool inverse)
{
    for (unsigned i = 1, j = 0; i < n; i++) {
        unsigned bit = n >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            double complex t = x[i];
            x[i] = x[j];
            x[j] = t;
        }
    }
    for (unsigned length = 2; length <= n; length *= 2) {
        double complex step = cexp((inverse ? 2 : -2) * M_PI * I / length);
        for (unsigned i = 0; i < n; i += length) {
            double complex w = 1;
            for (unsigned j = 0; j < length / 2; j++) {
                double complex a = x[i + j], b = x[i + j + length / 2] * w;
                x[i + j] = a + b;
                x[i + j + length / 2] = a - b;
                w *= step;
            }
        }
    }
    if (inverse)
        for (unsigned i = 0; i < n; i++)
            x[i] /= n;
}

typedef double (*Function)(double);

static double simpson(Function f, double a, double fa, double b, double fb, double m, double fm, double whole, double tolerance, int depth)
{
    double lm = (a + m) / 2, rm = (m + b) / 2, flm = f(lm), frm = f(rm);
    double left = (m - a) / 6 * (fa + 4 * flm + fm), right = (b - m) / 6 * (fm + 4 * frm + fb);
    double difference = left + right - whole;
    if (depth <= 0 || fabs(difference) <= 15 * tolerance)
        return left + right + difference / 15;
    return simpson(f, a, fa, m, fm, lm, flm, left, tolerance / 2, depth - 1) +
           simpson(f, m, fm, b, fb, rm, frm, right, tolerance / 2, depth - 1);
}

static double integral(Function f, double a, double b)
{
    double m = (a + b) / 2, fa = f(a), fb = f(b), fm = f(m);
    return simpson(f, a, fa, b, fb, m, fm, (b - a) / 6 * (fa + 4 * fm + fb), 1e-11, 40);
}

static double bell(double x) { return exp(-x * x); }
static double root(double x) { return sqrt(1 - fmin(1, x * x)); }
static double wave(double x) { return sin(x) * sin(x) / (1 + x * x); }

static void special_functions(void)
{
    for (double x = 0.25; x < 8; x += 0.375) {
        check(near(sin(x) * sin(x) + cos(x) * cos(x), 1, 1e-14), "sine and cosine");
        check(near(tan(x), sin(x) / cos(x), 1e-12), "tangent");
        check(near(exp(log(x)), x, 1e-14), "exponential and logarithm");
        check(near(exp2(log2(x)), pow(10, log10(x)), 1e-13), "other bases");
        check(near(expm1(log1p(x)), x, 1e-14), "near zero");
        check(near(cosh(x) - sinh(x), exp(-x), 1e-11 * cosh(x)), "hyperbolic functions");
        check(near(tanh(atanh(1 / (1 + x))), 1 / (1 + x), 1e-13), "their inverses");
        check(near(asinh(sinh(x)), x, 1e-13) && near(acosh(cosh(x)), x, 1e-13), "more of their inverses");
        check(near(tgamma(x + 1), x * tgamma(x), 1e-13), "gamma function");
        check(near(lgamma(x), log(fabs(tgamma(x))), 1e-12), "its logarithm");
        check(near(erf(x) + erfc(x), 1, 1e-15), "error function");
        check(near(asin(sin(atan(x))), atan2(x, 1), 1e-13) && near(acos(cos(1)), 1, 1e-15), "arcs");
        check(near(cbrt(x) * cbrt(x) * cbrt(x), x, 1e-14), "cube root");
        check(near(j0(x) * y1(x) - j1(x) * y0(x), -2 / (M_PI * x), 1e-12), "Bessel functions");
        check(near(jn(3, x) + jn(1, x), 4 / x * jn(2, x), 1e-12), "Bessel functions of higher order");
        check(near(hypot(3 * x, 4 * x), 5 * x, 1e-15), "hypotenuse");
        check(near(fma(x, x, -x * x), 0, 1e-15) && near(fmod(x + 16, 8), fmod(x, 8), 1e-14) && near(remainder(x, 8), x <= 4 ? x : x - 8, 1e-15), "remainders");
        check(fabs(sinf((float)x) - sin(x)) < 1e-6 && fabs(expf((float)-x) - exp(-x)) < 1e-6 && fabs(powf((float)x, 0.3f) - pow(x, 0.3)) < 1e-6,
              "single precision");
        check(fabsl(sinl((long double)x) - sin(x)) < 1e-15L && fabsl(expl(logl(x)) - x) < 1e-15L && fabsl(powl(x, 2) - x * x) < 1e-15L,
              "quadruple precision");
        double complex z = x + I / x;
        check(cabs(cexp(clog(z)) - z) < 1e-13 && cabs(csqrt(z) * csqrt(z) - z) < 1e-13, "complex functions");
        check(cabs(csin(z) * csin(z) + ccos(z) * ccos(z) - 1) < 1e-9 * cabs(ccos(z) * ccos(z)) + 1e-9, "complex sine and cosine");
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void show_numbers(void)
{
    double a[N][N], b[N];
    for (unsigned i = 0; i < N; i++) {
        b[i] = 0;
        for (unsigned j = 0; j < N; j++) {
            a[i][j] = i == j ? N : 1.0 / (1 + i + 2 * j);
            b[i] += a[i][j] * (j + 1);
        }
    }
    double determinant = solve(a, b);
    for (unsigned i = 0; i < N; i++)
        check(near(b[i], i + 1, 1e-12), "a system of equations");

    static double complex x[1024], y[1024];
    for (unsigned i = 0; i < 1024; i++)
        x[i] = y[i] = sin(0.1 * i) + I * cos(0.37 * i * i);
    fourier(x, 1024, false);
    double energy = 0, spectrum = 0;
    for (unsigned i = 0; i < 1024; i++) {
        energy += creal(y[i] * conj(y[i]));
        spectrum += creal(x[i] * conj(x[i])) / 1024;
    }
    check(near(energy, spectrum, 1e-12), "Parseval's theorem");
    fourier(x, 1024, true);
    for (unsigned i = 0; i < 1024; i++)
        check(cabs(x[i] - y[i]) < 1e-11, "a Fourier transform and back");

    double gauss = integral(bell, -8, 8), circle = 4 * integral(root, 0, 1);
    check(near(gauss, sqrt(M_PI), 1e-9) && near(circle, M_PI, 1e-7), "integrals");
    special_functions();

    double sample[999], sum = 0;
    uint64_t seed = 88172645463325252u;
    for (unsigned i = 0; i < 999; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        sample[i] = ldexp((double)(seed >> 11), -53);
        sum += sample[i];
    }
    qsort(sample, 999, sizeof *sample, by_value);
    printf("%-12sdeterminant %.6e  energy %.9f  gauss %.12f  wave %.9f\n", "numbers", determinant, energy, gauss, integral(wave, 0, 20));
    printf("%-12smean %.6f  median %.6Lf  gamma(5.5) %.9g  %a\n", "", sum / 999, (long double)sample[499], tgamma(5.5), M_PI);
}
