// Queens on a board of eight, by bit masks.
#include "kernel.h"
static NOINLINE uint32_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right) {
    if (columns == all) return 1;
    uint32_t found = 0;
    for (uint32_t free = all & ~(columns | left | right); free;) {
        uint32_t bit = free & -free;
        free ^= bit;
        found += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return found;
}
RUN {
    uint32_t sum = 0;
    while (n--) sum = sum * 31 + place((1u << (7 + (n & 1))) - 1, 0, 0, 0);
    return sum;
}
