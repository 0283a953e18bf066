// A bytecode interpreter for a register machine, with a program that has loops, branches and memory.
#include "kernel.h"
enum { LOADI, ADD, SUB, MUL, XOR, SHR, LOAD, STORE, JNZ, JLT, MOVE, HALT };
static const uint8_t program[] = {
    LOADI, 0, 0, 250, // r0 = outer count
    LOADI, 1, 0, 1,   // r1 = 1
    LOADI, 2, 0, 17,  // r2 = accumulator
    LOADI, 3, 0, 0,   // r3 = 0, the inner count
    LOADI, 4, 0, 200, // r4 = inner limit
    MUL, 2, 2, 4,     // 5:
    ADD, 2, 2, 3,
    SHR, 5, 2, 1,
    XOR, 2, 2, 5,
    LOAD, 6, 3, 0,
    ADD, 6, 6, 2,
    STORE, 6, 3, 0,
    ADD, 3, 3, 1,
    JLT, 3, 4, 5, // while r3 < r4
    LOADI, 3, 0, 0,
    MOVE, 7, 2, 0,
    SUB, 0, 0, 1,
    JNZ, 0, 0, 5, // while r0
    HALT, 2, 0, 0,
};
static uint32_t memory[256];
static NOINLINE uint32_t interpret(const uint8_t *code) {
    uint32_t r[8] = {0};
    for (const uint8_t *pc = code;; pc += 4) {
        uint8_t a = pc[1], b = pc[2], c = pc[3];
        switch (pc[0]) {
        case LOADI: r[a] = c; break;
        case ADD: r[a] = r[b] + r[c]; break;
        case SUB: r[a] = r[b] - r[c]; break;
        case MUL: r[a] = r[b] * r[c]; break;
        case XOR: r[a] = r[b] ^ r[c]; break;
        case SHR: r[a] = r[b] >> (r[c] & 31); break;
        case LOAD: r[a] = memory[r[b] & 255]; break;
        case STORE: memory[r[b] & 255] = r[a]; break;
        case JNZ: if (r[a]) pc = code + c * 4 - 4; break;
        case JLT: if (r[a] < r[b]) pc = code + c * 4 - 4; break;
        case MOVE: r[a] = r[b]; break;
        default: return r[a];
        }
    }
}
RUN {
    uint32_t sum = 0;
    while (n--) sum = sum * 31 + interpret(program);
    return sum;
}
