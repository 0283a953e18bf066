/* flags: -mexec-model=reactor */
/* Functions to be called by name. */
#define EXPORT(name) __attribute__((export_name(name), used))

EXPORT("add") int add(int a, int b) { return a + b; }
EXPORT("sum64") long long sum64(long long a, long long b) { return a + b; }
EXPORT("half") double half(double x) { return x / 2; }
EXPORT("third") float third(float x) { return x / 3; }
EXPORT("nothing") void nothing(void) {}
EXPORT("fib") unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
EXPORT("divide") int divide(int a, int b) { return a / b; }
