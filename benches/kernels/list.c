// Linked lists as embedded programs have them: find, reverse, merge sort.
#include "kernel.h"
enum { N = 500 };
typedef struct Node {
    struct Node *next;
    int16_t key, value;
} Node;
static Node nodes[N];
static NOINLINE Node *reverse(Node *list) {
    Node *done = 0;
    while (list) {
        Node *next = list->next;
        list->next = done, done = list, list = next;
    }
    return done;
}
static NOINLINE Node *find(Node *list, int16_t value) {
    while (list && list->value != value) list = list->next;
    return list;
}
static NOINLINE Node *merge(Node *a, Node *b) {
    Node head, *tail = &head;
    while (a && b) {
        Node **less = a->key <= b->key ? &a : &b;
        tail = tail->next = *less;
        *less = (*less)->next;
    }
    tail->next = a ? a : b;
    return head.next;
}
static NOINLINE Node *sort(Node *list, int n) {
    if (n < 2) return list;
    Node *half = list;
    for (int i = 1; i < n / 2; i++) half = half->next;
    Node *rest = half->next;
    half->next = 0;
    Node *first = sort(list, n / 2);
    return merge(first, sort(rest, n - n / 2));
}
RUN {
    uint32_t seed = 99, sum = 0;
    for (int i = 0; i < N; i++) nodes[i] = (Node){i + 1 < N ? &nodes[i + 1] : 0, 0, (int16_t)i};
    Node *list = nodes;
    while (n--) {
        for (int i = 0; i < 10; i++) {
            Node *hit = find(list, (int16_t)(next(&seed) % N));
            list = reverse(list);
            if (hit) hit->key = (int16_t)next(&seed);
        }
        list = sort(list, N);
        sum = sum * 31 + (uint16_t)list->value;
    }
    return sum;
}
