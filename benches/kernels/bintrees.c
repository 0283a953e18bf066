// Binary trees, made and walked, out of a pool with a free list.
#include "kernel.h"
typedef struct Tree {
    struct Tree *left, *right;
} Tree;
static Tree pool[1 << 13], *unused;
static Tree *take(void) {
    Tree *t = unused;
    unused = t->left;
    return t;
}
static NOINLINE Tree *grow(int depth) {
    Tree *t = take();
    t->left = t->right = 0;
    if (depth > 0) t->left = grow(depth - 1), t->right = grow(depth - 1);
    return t;
}
static NOINLINE uint32_t count(const Tree *t) { return t->left ? 1 + count(t->left) + count(t->right) : 1; }
static NOINLINE void fell(Tree *t) {
    if (t->left) fell(t->left), fell(t->right);
    t->left = unused, unused = t;
}
RUN {
    unused = 0;
    for (int i = 0; i < 1 << 13; i++) pool[i].left = unused, unused = &pool[i];
    uint32_t sum = 0;
    while (n--) {
        Tree *t = grow(4 + (n & 7));
        sum = sum * 31 + count(t);
        fell(t);
    }
    return sum;
}
