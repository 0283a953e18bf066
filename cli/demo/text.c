/* Text: a hash table of words, sorting, regular expressions, dates, and a dictionary compressor. */
#include "demo.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

static const char poem[] =
    "the river rises in the hills and nobody waits for the sea before drinking from it the water that has arrived "
    "is water already a mill turns on the first of it and the second of it turns the mill again what is still in "
    "the clouds will be ground when it comes the miller does not ask for the whole river he asks for the next bucket "
    "and the one after that and when the last bucket has gone through the wheel the flour is in the sack";

#define BUCKETS 64

typedef struct Word {
    struct Word *next;
    const char *text;
    size_t length;
    unsigned count;
} Word;

static uint32_t hash(const char *text, size_t length)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (uint8_t)text[i]) * 16777619u;
    return h;
}

static int by_count(const void *a, const void *b)
{
    const Word *x = *(Word *const *)a, *y = *(Word *const *)b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    size_t n = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->text, y->text, n);
    return order != 0 ? order : (int)x->length - (int)y->length;
}

static void count_words(void)
{
    Word *buckets[BUCKETS] = {0}, *sorted[200];
    size_t distinct = 0, total = 0;
    for (const char *s = poem; *s != '\0';) {
        size_t length = strcspn(s, " ");
        Word **at = &buckets[hash(s, length) % BUCKETS];
        while (*at != NULL && ((*at)->length != length || memcmp((*at)->text, s, length) != 0))
            at = &(*at)->next;
        if (*at == NULL) {
            *at = calloc(1, sizeof **at);
            check(*at != NULL && distinct < 200, "memory for words");
            (*at)->text = s;
            (*at)->length = length;
            sorted[distinct++] = *at;
        }
        (*at)->count++;
        total++;
        s += length + (s[length] == ' ');
    }
    qsort(sorted, distinct, sizeof *sorted, by_count);
    printf("%-12s%zu words, %zu distinct:", "text", total, distinct);
    for (size_t i = 0; i < 5; i++)
        printf(" %.*s %u%s", (int)sorted[i]->length, sorted[i]->text, sorted[i]->count, i < 4 ? "," : "\n");
    check(sorted[0]->count == 16 && memcmp(sorted[0]->text, "the", 3) == 0, "the most frequent word");
    for (size_t i = 0; i < distinct; i++)
        free(sorted[i]);
}

static bool matches(const char *pattern, const char *text, char *group, size_t size)
{
    regex_t expression;
    regmatch_t match[2];
    check(regcomp(&expression, pattern, REG_EXTENDED | REG_ICASE) == 0, "a regular expression compiles");
    bool found = regexec(&expression, text, 2, match, 0) == 0;
    if (found && match[1].rm_so >= 0)
        snprintf(group, size, "%.*s", (int)(match[1].rm_eo - match[1].rm_so), text + match[1].rm_so);
    regfree(&expression);
    return found;
}

static void search(void)
{
    char group[80];
    check(matches("(m[a-z]+er) does", poem, group, sizeof group) && strcmp(group, "miller") == 0, "a word is found");
    check(matches("^THE (R[^ ]*) rises", poem, group, sizeof group) && strcmp(group, "river") == 0, "whatever its case");
    check(matches("(([0-9]{1,3}\\.){3}[0-9]+):[0-9]+$", "listening on 127.0.0.1:8080", group, sizeof group) && strcmp(group, "127.0.0.1") == 0, "repetition");
    check(!matches("whe(at|ey)", poem, group, sizeof group), "what is not there is not found");
    printf("%-12s%s", "", "found miller, river, 127.0.0.1");
}

static void dates(void)
{
    char text[80];
    struct tm when = {.tm_year = 126, .tm_mon = 1, .tm_mday = 29 + 366, .tm_hour = 25};
    time_t seconds = timegm(&when);
    check(strftime(text, sizeof text, "%A %Y-%m-%d %H:%M, day %j, week %V", gmtime(&seconds)) > 0, "a date as text");
    check(seconds == 1804035600, "a date in seconds");
    printf(", %s\n", text);
}

/* LZ77 with a hash of three bytes: a literal run or (distance, length) after each control byte. */
static size_t compress(const uint8_t *in, size_t n, uint8_t *out)
{
    static int32_t head[4096];
    memset(head, -1, sizeof head);
    size_t written = 0, literals = 0, i = 0;
    while (i < n) {
        size_t best = 0, distance = 0;
        if (i + 3 < n) {
            uint32_t h = (in[i] | (uint32_t)in[i + 1] << 8 | (uint32_t)in[i + 2] << 16) * 2654435761u >> 20;
            if (head[h] >= 0 && i - (size_t)head[h] < 65536) {
                size_t from = (size_t)head[h];
                while (best < 127 && i + best < n && in[from + best] == in[i + best])
                    best++;
                distance = i - from;
            }
            head[h] = (int32_t)i;
        }
        if (best >= 4) {
            out[written++] = (uint8_t)(0x80 | best);
            out[written++] = (uint8_t)distance;
            out[written++] = (uint8_t)(distance >> 8);
            i += best;
            literals = 0;
        } else {
            if (literals == 0 || literals == 127) {
                literals = 0;
                out[written++] = 0;
            }
            literals++;
            out[written - literals] = (uint8_t)literals;
            out[written++] = in[i++];
        }
    }
    return written;
}

static size_t expand(const uint8_t *in, size_t n, uint8_t *out)
{
    size_t written = 0;
    for (size_t i = 0; i < n;) {
        uint8_t control = in[i++];
        if (control & 0x80) {
            size_t distance = in[i] | (size_t)in[i + 1] << 8;
            i += 2;
            for (unsigned k = control & 0x7f; k > 0; k--, written++)
                out[written] = out[written - distance];
        } else {
            memcpy(out + written, in + i, control);
            written += control;
            i += control;
        }
    }
    return written;
}

static void compression(void)
{
    size_t n = 40 * sizeof poem;
    uint8_t *text = malloc(n), *packed = malloc(2 * n), *back = malloc(n);
    check(text != NULL && packed != NULL && back != NULL, "memory for the compressor");
    for (size_t i = 0; i < n; i++)
        text[i] = (uint8_t)(poem[i % sizeof poem] ^ (i % 997 == 0));
    size_t small = compress(text, n, packed);
    check(small < n / 5 && expand(packed, small, back) == n && memcmp(text, back, n) == 0, "compression and back");
    printf("%-12scompressed %zu bytes to %zu\n", "", n, small);
    free(text);
    free(packed);
    free(back);
}

static void wide_characters(void)
{
    wchar_t wide[64];
    swprintf(wide, 64, L"%ls %d %.3f %c", L"wide", 42, 2.5, 'x');
    check(wcscmp(wide, L"wide 42 2.500 x") == 0 && wcstol(L"  -77", NULL, 0) == -77, "wide characters");
    int a, b;
    double c;
    char name[16];
    check(sscanf("point p1 = (3, 0x1f) * 2.5e1", "point %15s = (%i, %i) * %lf", name, &a, &b, &c) == 4 && a == 3 && b == 31 && c == 25.0, "scanning");
}

void show_text(void)
{
    count_words();
    search();
    dates();
    compression();
    wide_characters();
}
