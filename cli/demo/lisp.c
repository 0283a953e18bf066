/* A small Lisp: lexical scope, closures, proper tail calls, integers, strings, a mark-and-sweep
   collector. Roots are an explicit stack, so that the collector need not see machine registers. */
#include "demo.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { INTEGER, SYMBOL, STRING, PAIR, CLOSURE, BUILTIN, SPECIAL } Kind;
typedef struct Cell Cell;
typedef Cell *(*Builtin)(Cell *arguments);

struct Cell {
    Kind kind;
    bool marked;
    union {
        int64_t integer;
        struct { char *text; Cell *next; } name;
        struct { Cell *car, *cdr; } pair;
        struct { Cell *parameters, *body, *scope; } closure;
        Builtin builtin;
        int special;
    };
};

enum { QUOTE, IF, DEFINE, SET, LAMBDA, LET, BEGIN, WHILE, AND, OR, COND };

#define HEAP 60000
#define ROOTS 100000

static Cell heap[HEAP], *free_cells, *symbols, *roots[ROOTS], *global_scope, *truth;
static size_t root_count, collections;

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "lisp: %s %s\n", what, name);
    exit(1);
}

static void mark(Cell *c)
{
    while (c != NULL && !c->marked) {
        c->marked = true;
        switch (c->kind) {
        case PAIR:
            mark(c->pair.car);
            c = c->pair.cdr;
            break;
        case CLOSURE:
            mark(c->closure.parameters);
            mark(c->closure.body);
            c = c->closure.scope;
            break;
        case SYMBOL:
            c = c->name.next;
            break;
        default:
            return;
        }
    }
}

static void collect(void)
{
    collections++;
    mark(symbols);
    mark(global_scope);
    mark(truth);
    for (size_t i = 0; i < root_count; i++)
        mark(roots[i]);
    free_cells = NULL;
    for (size_t i = 0; i < HEAP; i++) {
        Cell *c = &heap[i];
        if (c->marked) {
            c->marked = false;
            continue;
        }
        if (c->kind == STRING)
            free(c->name.text);
        *c = (Cell){.kind = PAIR, .pair = {NULL, free_cells}};
        free_cells = c;
    }
    if (free_cells == NULL)
        fail("out of", "memory");
}

static Cell *protect(Cell *c)
{
    if (root_count == ROOTS)
        fail("nested too", "deeply");
    return roots[root_count++] = c;
}

static Cell *make(Kind kind)
{
    if (free_cells == NULL)
        collect();
    Cell *c = free_cells;
    free_cells = c->pair.cdr;
    memset(c, 0, sizeof *c);
    c->kind = kind;
    return c;
}

static Cell *integer(int64_t n)
{
    Cell *c = make(INTEGER);
    c->integer = n;
    return c;
}

static Cell *cons(Cell *car, Cell *cdr)
{
    size_t base = root_count;
    protect(car);
    protect(cdr);
    Cell *c = make(PAIR);
    c->pair.car = car;
    c->pair.cdr = cdr;
    root_count = base;
    return c;
}

static Cell *string(const char *text, size_t length)
{
    Cell *c = make(STRING);
    c->name.text = malloc(length + 1);
    check(c->name.text != NULL, "memory for a string");
    memcpy(c->name.text, text, length);
    c->name.text[length] = '\0';
    return c;
}

static Cell *symbol(const char *text, size_t length)
{
    for (Cell *s = symbols; s != NULL; s = s->name.next)
        if (strncmp(s->name.text, text, length) == 0 && s->name.text[length] == '\0')
            return s;
    Cell *c = string(text, length);
    c->kind = SYMBOL;
    c->name.next = symbols;
    return symbols = c;
}

static Cell *car(Cell *c)
{
    if (c == NULL || c->kind != PAIR)
        fail("car of what is", "no pair");
    return c->pair.car;
}

static Cell *cdr(Cell *c)
{
    if (c == NULL || c->kind != PAIR)
        fail("cdr of what is", "no pair");
    return c->pair.cdr;
}

static int64_t number(Cell *c)
{
    if (c == NULL || c->kind != INTEGER)
        fail("not a", "number");
    return c->integer;
}

/* Reading. */

static const char *skip(const char *s)
{
    for (;; s++) {
        if (*s == ';')
            while (*s != '\0' && *s != '\n')
                s++;
        if (!isspace((unsigned char)*s))
            return s;
    }
}

static Cell *read_cell(const char **s);

static Cell *read_list(const char **s)
{
    *s = skip(*s);
    if (**s == ')') {
        ++*s;
        return NULL;
    }
    if (**s == '\0')
        fail("a list without", "end");
    size_t base = root_count;
    Cell *first = protect(read_cell(s));
    Cell *rest = protect(read_list(s));
    Cell *list = cons(first, rest);
    root_count = base;
    return list;
}

static Cell *read_cell(const char **s)
{
    *s = skip(*s);
    const char *start = *s;
    if (*start == '(') {
        ++*s;
        return read_list(s);
    }
    if (*start == '\'') {
        ++*s;
        size_t base = root_count;
        Cell *quoted = protect(cons(read_cell(s), NULL));
        quoted = cons(symbol("quote", 5), quoted);
        root_count = base;
        return quoted;
    }
    if (*start == '"') {
        const char *end = strchr(start + 1, '"');
        if (end == NULL)
            fail("a string without", "end");
        *s = end + 1;
        return string(start + 1, (size_t)(end - start - 1));
    }
    while (**s != '\0' && !isspace((unsigned char)**s) && strchr("()'\";", **s) == NULL)
        ++*s;
    char *end;
    int64_t n = strtoll(start, &end, 10);
    return end == *s ? integer(n) : symbol(start, (size_t)(*s - start));
}

/* Printing. */

static void print(FILE *out, Cell *c)
{
    if (c == NULL) {
        fputs("()", out);
        return;
    }
    switch (c->kind) {
    case INTEGER: fprintf(out, "%" PRId64, c->integer); break;
    case SYMBOL:
    case STRING: fputs(c->name.text, out); break;
    case CLOSURE: fputs("#<closure>", out); break;
    case BUILTIN: fputs("#<builtin>", out); break;
    case SPECIAL: fputs("#<special>", out); break;
    case PAIR:
        putc('(', out);
        for (;; c = c->pair.cdr) {
            print(out, c->pair.car);
            if (c->pair.cdr == NULL)
                break;
            if (c->pair.cdr->kind != PAIR) {
                fputs(" . ", out);
                print(out, c->pair.cdr);
                break;
            }
            putc(' ', out);
        }
        putc(')', out);
    }
}

/* Scopes are lists of (name . value), the global one behind a head cell so that it can grow. */

static Cell *binding(Cell *scope, Cell *name)
{
    for (; scope != NULL; scope = scope->pair.cdr)
        if (scope->pair.car != NULL && scope->pair.car->pair.car == name)
            return scope->pair.car;
    for (Cell *g = global_scope->pair.cdr; g != NULL; g = g->pair.cdr)
        if (g->pair.car->pair.car == name)
            return g->pair.car;
    fail("unbound", name->name.text);
    return NULL;
}

static void define(Cell *name, Cell *value)
{
    Cell *pair = cons(name, value);
    global_scope->pair.cdr = cons(pair, global_scope->pair.cdr);
}

static Cell *evaluate(Cell *expression, Cell *scope);

static Cell *evaluate_all(Cell *list, Cell *scope)
{
    size_t base = root_count;
    Cell *head = protect(cons(NULL, NULL)), *tail = head;
    for (; list != NULL; list = cdr(list)) {
        tail->pair.cdr = cons(evaluate(car(list), scope), NULL);
        tail = tail->pair.cdr;
    }
    root_count = base;
    return head->pair.cdr;
}

static Cell *bind(Cell *scope, Cell *names, Cell *values)
{
    size_t base = root_count;
    for (; names != NULL; names = cdr(names), values = cdr(values)) {
        protect(scope);
        scope = cons(cons(car(names), car(values)), scope);
    }
    root_count = base;
    return scope;
}

/* Evaluates all but the last expression of a body and returns that one, for a tail call. */
static Cell *but_last(Cell *body, Cell *scope)
{
    for (; cdr(body) != NULL; body = cdr(body))
        evaluate(car(body), scope);
    return car(body);
}

static Cell *make_closure(Cell *parameters, Cell *body, Cell *scope)
{
    Cell *c = make(CLOSURE);
    c->closure.parameters = parameters;
    c->closure.body = body;
    c->closure.scope = scope;
    return c;
}

/* A special form. Either its value, or NULL and in `*next` what to evaluate in its place. */
static Cell *special_form(int form, Cell *rest, Cell **scope, Cell **next)
{
    Cell *value = NULL;
    *next = NULL;
    switch (form) {
    case QUOTE:
        return car(rest);
    case IF:
        if (evaluate(car(rest), *scope) != NULL)
            *next = car(cdr(rest));
        else if (cdr(cdr(rest)) != NULL)
            *next = car(cdr(cdr(rest)));
        return NULL;
    case COND:
        for (; rest != NULL; rest = cdr(rest))
            if (evaluate(car(car(rest)), *scope) != NULL) {
                *next = but_last(cdr(car(rest)), *scope);
                return NULL;
            }
        return NULL;
    case DEFINE:
        if (car(rest)->kind == PAIR)
            define(car(car(rest)), protect(make_closure(cdr(car(rest)), cdr(rest), *scope)));
        else
            define(car(rest), protect(evaluate(car(cdr(rest)), *scope)));
        return NULL;
    case SET:
        value = evaluate(car(cdr(rest)), *scope);
        binding(*scope, car(rest))->pair.cdr = value;
        return value;
    case LAMBDA:
        return make_closure(car(rest), cdr(rest), *scope);
    case LET:
        for (Cell *b = car(rest); b != NULL; b = cdr(b)) {
            Cell *pair = protect(evaluate(car(cdr(car(b))), *scope));
            pair = protect(cons(car(car(b)), pair));
            *scope = protect(cons(pair, *scope));
        }
        *next = but_last(cdr(rest), *scope);
        return NULL;
    case BEGIN:
        *next = but_last(rest, *scope);
        return NULL;
    case WHILE:
        while (evaluate(car(rest), *scope) != NULL)
            for (Cell *b = cdr(rest); b != NULL; b = cdr(b))
                evaluate(car(b), *scope);
        return NULL;
    case AND:
        for (; cdr(rest) != NULL; rest = cdr(rest))
            if (evaluate(car(rest), *scope) == NULL)
                return NULL;
        *next = car(rest);
        return NULL;
    case OR:
        for (; rest != NULL; rest = cdr(rest))
            if ((value = evaluate(car(rest), *scope)) != NULL)
                return value;
        return NULL;
    }
    return NULL;
}

static Cell *evaluate(Cell *expression, Cell *scope)
{
    size_t base = root_count;
    Cell *result = NULL;
    for (;;) {
        root_count = base;
        protect(expression);
        protect(scope);
        if (expression == NULL)
            break;
        if (expression->kind == SYMBOL) {
            result = binding(scope, expression)->pair.cdr;
            break;
        }
        if (expression->kind != PAIR) {
            result = expression;
            break;
        }
        Cell *head = protect(evaluate(car(expression), scope)), *next;
        if (head == NULL)
            fail("a call of", "nothing");
        if (head->kind == SPECIAL) {
            result = special_form(head->special, cdr(expression), &scope, &next);
            if (next == NULL)
                break;
            expression = next;
            continue;
        }
        Cell *arguments = protect(evaluate_all(cdr(expression), scope));
        if (head->kind == BUILTIN) {
            result = head->builtin(arguments);
            break;
        }
        if (head->kind != CLOSURE)
            fail("a call of what is", "no function");
        scope = protect(bind(head->closure.scope, head->closure.parameters, arguments));
        expression = but_last(head->closure.body, scope);
    }
    root_count = base;
    return result;
}

/* Builtins. */

static Cell *boolean(bool b) { return b ? truth : NULL; }

static Cell *builtin_add(Cell *a)
{
    int64_t n = 0;
    for (; a != NULL; a = cdr(a))
        n += number(car(a));
    return integer(n);
}

static Cell *builtin_multiply(Cell *a)
{
    int64_t n = 1;
    for (; a != NULL; a = cdr(a))
        n *= number(car(a));
    return integer(n);
}

static Cell *builtin_subtract(Cell *a)
{
    int64_t n = number(car(a));
    if (cdr(a) == NULL)
        return integer(-n);
    while ((a = cdr(a)) != NULL)
        n -= number(car(a));
    return integer(n);
}

static int64_t divisor(Cell *a)
{
    int64_t d = number(car(cdr(a)));
    if (d == 0)
        fail("division by", "zero");
    return d;
}

static Cell *builtin_divide(Cell *a) { return integer(number(car(a)) / divisor(a)); }
static Cell *builtin_remainder(Cell *a) { return integer(number(car(a)) % divisor(a)); }
static Cell *builtin_less(Cell *a) { return boolean(number(car(a)) < number(car(cdr(a)))); }
static Cell *builtin_car(Cell *a) { return car(car(a)); }
static Cell *builtin_cdr(Cell *a) { return cdr(car(a)); }
static Cell *builtin_cons(Cell *a) { return cons(car(a), car(cdr(a))); }
static Cell *builtin_not(Cell *a) { return boolean(car(a) == NULL); }
static Cell *builtin_list(Cell *a) { return a; }
static Cell *builtin_pair(Cell *a) { return boolean(car(a) != NULL && car(a)->kind == PAIR); }

static Cell *builtin_equal(Cell *a)
{
    Cell *x = car(a), *y = car(cdr(a));
    return boolean(x == y || (x != NULL && y != NULL && x->kind == y->kind &&
                              ((x->kind == INTEGER && x->integer == y->integer) || (x->kind == STRING && strcmp(x->name.text, y->name.text) == 0))));
}

static Cell *builtin_print(Cell *a)
{
    printf("%-12s", "lisp");
    for (; a != NULL; a = cdr(a)) {
        print(stdout, car(a));
        putchar(cdr(a) == NULL ? '\n' : ' ');
    }
    return NULL;
}

static const struct { const char *name; Builtin builtin; } builtins[] = {
    {"+", builtin_add}, {"-", builtin_subtract}, {"*", builtin_multiply}, {"/", builtin_divide},
    {"%", builtin_remainder}, {"<", builtin_less}, {"=", builtin_equal}, {"car", builtin_car},
    {"cdr", builtin_cdr}, {"cons", builtin_cons}, {"not", builtin_not}, {"list", builtin_list},
    {"pair?", builtin_pair}, {"print", builtin_print},
};

static const char *const specials[] = {"quote", "if", "define", "set!", "lambda", "let", "begin", "while", "and", "or", "cond"};

static const char program[] =
    "(define (map f l) (if l (cons (f (car l)) (map f (cdr l))) '()))\n"
    "(define (filter f l) (cond ((not l) '()) ((f (car l)) (cons (car l) (filter f (cdr l)))) (t (filter f (cdr l)))))\n"
    "(define (fold f a l) (if l (fold f (f a (car l)) (cdr l)) a))\n"
    "(define (range a b) (if (< a b) (cons a (range (+ a 1) b)) '()))\n"
    "(define (append a b) (if a (cons (car a) (append (cdr a) b)) b))\n"
    "(define (length l) (fold (lambda (n x) (+ n 1)) 0 l))\n"
    "(define (sort l) (if l (let ((p (car l)) (r (cdr l)))\n"
    "  (append (sort (filter (lambda (x) (< x p)) r)) (cons p (sort (filter (lambda (x) (not (< x p))) r))))) '()))\n"
    "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))\n"
    "(define (loop n a) (if (= n 0) a (loop (- n 1) (+ a n)))) ; a tail call\n"
    "(define (safe q rest d) (cond ((not rest) t) ((= q (car rest)) '()) ((= q (+ (car rest) d)) '())\n"
    "  ((= q (- (car rest) d)) '()) (t (safe q (cdr rest) (+ d 1)))))\n"
    "(define (queens n k placed) (if (= k 0) 1\n"
    "  (fold (lambda (sum q) (if (safe q placed 1) (+ sum (queens n (- k 1) (cons q placed))) sum)) 0 (range 0 n))))\n"
    "(define (primes l) (if l (cons (car l) (primes (filter (lambda (x) (not (= 0 (% x (car l))))) (cdr l)))) '()))\n"
    "(define (counter) (let ((n 0)) (lambda () (set! n (+ n 1)))))\n"
    "(define tick (counter)) (tick) (tick)\n"
    "(print \"fib\" (fib 20) \"sum\" (loop 100000 0) \"queens\" (queens 6 6 '()) \"ticks\" (tick))\n"
    "(print \"primes\" (primes (range 2 60)))\n"
    "(print \"sorted\" (sort '(31 41 59 26 53 58 97 93 23 84 62 64)))\n"
    "(define answer (list (fib 20) (loop 100000 0) (queens 6 6 '()) (length (primes (range 2 60))) (tick)))\n";

void show_lisp(void)
{
    collect(); /* makes the first list of free cells */
    collections = 0;
    truth = symbol("t", 1);
    global_scope = cons(NULL, NULL);
    define(truth, truth);
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        Cell *b = protect(make(BUILTIN));
        b->builtin = builtins[i].builtin;
        define(symbol(builtins[i].name, strlen(builtins[i].name)), b);
    }
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        Cell *s = protect(make(SPECIAL));
        s->special = (int)i;
        define(symbol(specials[i], strlen(specials[i])), s);
    }
    root_count = 0;
    const char *at = program;
    while (*(at = skip(at)) != '\0') {
        Cell *expression = protect(read_cell(&at));
        evaluate(expression, NULL);
        root_count = 0;
    }
    static const int64_t expected[] = {6765, 5000050000, 4, 17, 4};
    Cell *answer = binding(NULL, symbol("answer", 6))->pair.cdr;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++, answer = cdr(answer))
        check(number(car(answer)) == expected[i], "the answers of the Lisp programs");
    check(collections > 0, "the collector ran");
}
