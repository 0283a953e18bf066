// Recursive calls with three parameters.
#include "kernel.h"
static NOINLINE int tak(int x, int y, int z) {
    return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}
RUN {
    uint32_t sum = 0;
    while (n--) sum += tak(14 + (n & 1), 9, 3);
    return sum;
}
