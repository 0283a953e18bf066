/* A library whose debug information is looked at: functions that call each other, one inlined, and a trap. */

static inline __attribute__((always_inline)) int inlined(int n) {
    return 100 / n; /* line 4 */
}

__attribute__((noinline)) int inner(int n) {
    int quotient = inlined(n); /* line 8 */
    return quotient + 1;
}

__attribute__((noinline)) int middle(int n) {
    int result = inner(n); /* line 13 */
    return result * 2;
}

__attribute__((export_name("outer"))) int outer(int n) {
    return middle(n) - 1; /* line 18 */
}
