/* JSON (RFC 8259): parser into a tree, printer, and queries by path. */
#include "demo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { NUL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT } Kind;

typedef struct Value {
    Kind kind;
    double number;
    char *string;
    struct Member *members;
    size_t length, capacity;
} Value;

typedef struct Member {
    char *key; /* NULL in arrays */
    Value value;
} Member;

typedef struct {
    const char *at, *start, *error;
    unsigned depth;
} Parser;

typedef struct {
    char *text;
    size_t length, capacity;
} Buffer;

static void put(Buffer *b, const char *text, size_t length)
{
    if (b->length + length + 1 > b->capacity) {
        b->capacity = (b->length + length + 1) * 2;
        b->text = realloc(b->text, b->capacity);
        check(b->text != NULL, "memory for text");
    }
    memcpy(b->text + b->length, text, length);
    b->length += length;
    b->text[b->length] = '\0';
}

static void put_text(Buffer *b, const char *text)
{
    put(b, text, strlen(text));
}

static void skip_space(Parser *p)
{
    p->at += strspn(p->at, " \t\r\n");
}

static bool wrong(Parser *p, const char *error)
{
    if (p->error == NULL)
        p->error = error;
    return false;
}

static bool hex4(Parser *p, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef";
        char c = *p->at;
        const char *at = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
        if (at == NULL)
            return wrong(p, "four hexadecimal digits expected");
        *code = *code * 16 + (unsigned)(at - digits);
        p->at++;
    }
    return true;
}

static void put_utf8(Buffer *b, unsigned code)
{
    char bytes[4];
    size_t n = 0;
    if (code < 0x80) {
        bytes[n++] = (char)code;
    } else if (code < 0x800) {
        bytes[n++] = (char)(0xc0 | code >> 6);
        bytes[n++] = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        bytes[n++] = (char)(0xe0 | code >> 12);
        bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[n++] = (char)(0x80 | (code & 0x3f));
    } else {
        bytes[n++] = (char)(0xf0 | code >> 18);
        bytes[n++] = (char)(0x80 | (code >> 12 & 0x3f));
        bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[n++] = (char)(0x80 | (code & 0x3f));
    }
    put(b, bytes, n);
}

static bool parse_escape(Parser *p, Buffer *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *p->at++;
    if (c == 'u') {
        unsigned code, low;
        if (!hex4(p, &code))
            return false;
        if (code >= 0xd800 && code < 0xdc00) {
            if (p->at[0] != '\\' || p->at[1] != 'u')
                return wrong(p, "half of a surrogate pair");
            p->at += 2;
            if (!hex4(p, &low) || low < 0xdc00 || low > 0xdfff)
                return wrong(p, "wrong second half of a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        put_utf8(b, code);
        return true;
    }
    const char *at = c == '\0' ? NULL : strchr(from, c);
    if (at == NULL)
        return wrong(p, "unknown escape");
    put(b, to + (at - from), 1);
    return true;
}

static bool parse_string(Parser *p, char **out)
{
    Buffer b = {0};
    put(&b, "", 0);
    if (*p->at != '"')
        return wrong(p, "string expected");
    p->at++;
    for (;;) {
        size_t plain = strcspn(p->at, "\"\\");
        for (size_t i = 0; i < plain; i++)
            if ((unsigned char)p->at[i] < 0x20)
                return wrong(p, "control character in a string");
        put(&b, p->at, plain);
        p->at += plain;
        if (*p->at == '\0')
            return wrong(p, "string without end");
        if (*p->at++ == '"')
            break;
        if (!parse_escape(p, &b))
            return false;
    }
    *out = b.text;
    return true;
}

static Member *append(Value *to)
{
    if (to->length == to->capacity) {
        to->capacity = to->capacity ? 2 * to->capacity : 4;
        to->members = realloc(to->members, to->capacity * sizeof *to->members);
        check(to->members != NULL, "memory for members");
    }
    Member *m = &to->members[to->length++];
    memset(m, 0, sizeof *m);
    return m;
}

static bool parse_value(Parser *p, Value *out);

static bool parse_members(Parser *p, Value *out, char close)
{
    p->at++;
    skip_space(p);
    if (*p->at == close) {
        p->at++;
        return true;
    }
    for (;;) {
        Member *m = append(out);
        skip_space(p);
        if (close == '}') {
            if (!parse_string(p, &m->key))
                return false;
            skip_space(p);
            if (*p->at++ != ':')
                return wrong(p, "colon expected");
        }
        if (!parse_value(p, &m->value))
            return false;
        skip_space(p);
        char c = *p->at++;
        if (c == close)
            return true;
        if (c != ',')
            return wrong(p, "comma expected");
    }
}

static bool parse_number(Parser *p, Value *out)
{
    const char *s = p->at;
    s += *s == '-';
    if (*s < '0' || *s > '9' || (*s == '0' && s[1] >= '0' && s[1] <= '9'))
        return wrong(p, "value expected");
    char *end;
    out->kind = NUMBER;
    out->number = strtod(p->at, &end);
    p->at = end;
    return true;
}

static bool word(Parser *p, const char *text)
{
    size_t n = strlen(text);
    if (strncmp(p->at, text, n) != 0)
        return wrong(p, "value expected");
    p->at += n;
    return true;
}

static bool parse_value(Parser *p, Value *out)
{
    memset(out, 0, sizeof *out);
    if (++p->depth > 100)
        return wrong(p, "nested too deeply");
    skip_space(p);
    bool ok;
    switch (*p->at) {
    case '{': out->kind = OBJECT, ok = parse_members(p, out, '}'); break;
    case '[': out->kind = ARRAY, ok = parse_members(p, out, ']'); break;
    case '"': out->kind = STRING, ok = parse_string(p, &out->string); break;
    case 'n': out->kind = NUL, ok = word(p, "null"); break;
    case 't': out->kind = TRUE, ok = word(p, "true"); break;
    case 'f': out->kind = FALSE, ok = word(p, "false"); break;
    default: ok = parse_number(p, out);
    }
    p->depth--;
    return ok;
}

static void print_string(Buffer *b, const char *s)
{
    put_text(b, "\"");
    for (; *s != '\0'; s++) {
        char escape[8];
        if (*s == '"' || *s == '\\')
            put(b, "\\", 1);
        if ((unsigned char)*s < 0x20) {
            snprintf(escape, sizeof escape, "\\u%04x", *s);
            put_text(b, escape);
        } else {
            put(b, s, 1);
        }
    }
    put_text(b, "\"");
}

static void print_value(Buffer *b, const Value *v)
{
    char number[40];
    switch (v->kind) {
    case NUL: put_text(b, "null"); break;
    case TRUE: put_text(b, "true"); break;
    case FALSE: put_text(b, "false"); break;
    case STRING: print_string(b, v->string); break;
    case NUMBER:
        for (int precision = 1; precision <= 17; precision++) {
            snprintf(number, sizeof number, "%.*g", precision, v->number);
            if (strtod(number, NULL) == v->number)
                break;
        }
        put_text(b, number);
        break;
    default:
        put_text(b, v->kind == ARRAY ? "[" : "{");
        for (size_t i = 0; i < v->length; i++) {
            if (i > 0)
                put_text(b, ",");
            if (v->kind == OBJECT) {
                print_string(b, v->members[i].key);
                put_text(b, ":");
            }
            print_value(b, &v->members[i].value);
        }
        put_text(b, v->kind == ARRAY ? "]" : "}");
    }
}

static void release(Value *v)
{
    for (size_t i = 0; i < v->length; i++) {
        free(v->members[i].key);
        release(&v->members[i].value);
    }
    free(v->members);
    free(v->string);
}

/* The value at a path such as `a/1/b`, or NULL. */
static Value *find(Value *v, const char *path)
{
    while (*path != '\0') {
        size_t n = strcspn(path, "/"), i;
        if (v->kind == ARRAY) {
            i = strtoul(path, NULL, 10);
        } else {
            for (i = 0; i < v->length; i++)
                if (strncmp(v->members[i].key, path, n) == 0 && v->members[i].key[n] == '\0')
                    break;
        }
        if (i >= v->length)
            return NULL;
        v = &v->members[i].value;
        path += n + (path[n] == '/');
    }
    return v;
}

static bool parse(const char *text, Value *v, const char **error)
{
    Parser p = {.at = text, .start = text};
    bool ok = parse_value(&p, v);
    skip_space(&p);
    if (ok && *p.at != '\0')
        ok = wrong(&p, "text after the document");
    *error = p.error;
    return ok;
}

void show_json(void)
{
    static const char document[] =
        "{ \"engine\": \"headwater\", \"numbers\": [1, -2.5, 6.02214076e23, 0.1, 1e-7, 123456789012],\n"
        "  \"text\": \"\\u00fcber \\ud83c\\udf0a \\\"quoted\\\"\\n\", \"nested\": {\"deep\": [[[{\"er\": null}]]], \"on\": true, \"off\": false},\n"
        "  \"empty\": [{}, [], \"\"] }";
    Value v, again;
    const char *error;
    check(parse(document, &v, &error), "a document parses");
    check(find(&v, "nested/deep/0/0/0/er")->kind == NUL && find(&v, "nested/shallow") == NULL, "paths");
    check(find(&v, "numbers/2")->number == 6.02214076e23, "a number of a document");
    Member *m = append(&v);
    m->key = strdup("sum");
    m->value.kind = NUMBER;
    Value *numbers = find(&v, "numbers");
    for (size_t i = 0; i < numbers->length; i++)
        if (fabs(numbers->members[i].value.number) < 1e20)
            m->value.number += numbers->members[i].value.number;
    Buffer first = {0}, second = {0};
    print_value(&first, &v);
    check(parse(first.text, &again, &error), "what was printed parses");
    print_value(&second, &again);
    check(strcmp(first.text, second.text) == 0, "printing is stable");
    static const char *const bad[] = {"", "[1,", "{\"a\" 1}", "[01]", "\"\\ud800\"", "nul", "[1] 2", "\"\x01\"", "{\"a\":1,}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Value none;
        check(!parse(bad[i], &none, &error) && error != NULL, "a wrong document is refused");
    }
    printf("%-12s%s\n", "json", first.text);
    release(&v);
    release(&again);
    free(first.text);
    free(second.text);
}
