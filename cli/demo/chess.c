/* Counts chess positions by generating every legal move; the counts are known. Board: 16 x 8 squares,
   of which the right half is off the board, so that one mask finds a step over the edge. */
#include "demo.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { EMPTY, PAWN, KNIGHT, BISHOP, ROOK, QUEEN, KING, BLACK = 8 };
enum { CASTLE_K = 1, CASTLE_Q = 2, CASTLE_k = 4, CASTLE_q = 8 };

typedef struct {
    uint8_t square[128];
    int side, castling, en_passant, king[2];
} Position;

typedef struct {
    uint8_t from, to, promotion, kind;
} Move;

enum { QUIET, DOUBLE_STEP, EN_PASSANT, CASTLING };

static const int knight_steps[] = {33, 31, 18, 14, -33, -31, -18, -14};
static const int king_steps[] = {1, -1, 16, -16, 17, 15, -17, -15};

static bool off(int square)
{
    return (square & 0x88) != 0;
}

static bool attacked(const Position *p, int square, int by)
{
    int pawn = by == 0 ? -16 : 16;
    for (int side = -1; side <= 1; side += 2) {
        int from = square + pawn + side;
        if (!off(from) && p->square[from] == (PAWN | by))
            return true;
    }
    for (int i = 0; i < 8; i++) {
        int from = square + knight_steps[i];
        if (!off(from) && p->square[from] == (KNIGHT | by))
            return true;
        from = square + king_steps[i];
        if (!off(from) && p->square[from] == (KING | by))
            return true;
        for (from = square + king_steps[i]; !off(from); from += king_steps[i]) {
            int piece = p->square[from];
            if (piece == EMPTY)
                continue;
            if (piece == (QUEEN | by) || piece == ((i < 4 ? ROOK : BISHOP) | by))
                return true;
            break;
        }
    }
    return false;
}

static Move *put(Move *list, int from, int to, int promotion, int kind)
{
    *list = (Move){(uint8_t)from, (uint8_t)to, (uint8_t)promotion, (uint8_t)kind};
    return list + 1;
}

static Move *pawn_move(Move *list, const Position *p, int from, int to, int kind)
{
    if ((to >> 4) != (p->side == 0 ? 7 : 0))
        return put(list, from, to, 0, kind);
    for (int piece = KNIGHT; piece <= QUEEN; piece++)
        list = put(list, from, to, piece | p->side, kind);
    return list;
}

static bool enemy(const Position *p, int square)
{
    return p->square[square] != EMPTY && (p->square[square] & BLACK) != p->side;
}

static Move *pawn_moves(Move *list, const Position *p, int from)
{
    int forward = p->side == 0 ? 16 : -16, start = p->side == 0 ? 1 : 6;
    if (p->square[from + forward] == EMPTY) {
        list = pawn_move(list, p, from, from + forward, QUIET);
        if ((from >> 4) == start && p->square[from + 2 * forward] == EMPTY)
            list = put(list, from, from + 2 * forward, 0, DOUBLE_STEP);
    }
    for (int side = -1; side <= 1; side += 2) {
        int to = from + forward + side;
        if (off(to))
            continue;
        if (enemy(p, to))
            list = pawn_move(list, p, from, to, QUIET);
        else if (to == p->en_passant)
            list = put(list, from, to, 0, EN_PASSANT);
    }
    return list;
}

static Move *castling_moves(Move *list, const Position *p)
{
    int home = p->side == 0 ? 4 : 116, other = p->side ^ BLACK;
    int rights = p->side == 0 ? p->castling : p->castling >> 2;
    if (rights == 0 || attacked(p, home, other))
        return list;
    const uint8_t *s = p->square + home;
    if ((rights & CASTLE_K) && s[1] == EMPTY && s[2] == EMPTY && !attacked(p, home + 1, other))
        list = put(list, home, home + 2, 0, CASTLING);
    if ((rights & CASTLE_Q) && s[-1] == EMPTY && s[-2] == EMPTY && s[-3] == EMPTY && !attacked(p, home - 1, other))
        list = put(list, home, home - 2, 0, CASTLING);
    return list;
}

static Move *all_moves(Move *list, const Position *p)
{
    for (int from = 0; from < 128; from++) {
        if (off(from) || p->square[from] == EMPTY || (p->square[from] & BLACK) != p->side)
            continue;
        int piece = p->square[from] & 7;
        if (piece == PAWN) {
            list = pawn_moves(list, p, from);
            continue;
        }
        const int *steps = piece == KNIGHT ? knight_steps : king_steps;
        int first = piece == BISHOP ? 4 : 0, last = piece == ROOK ? 4 : 8;
        for (int i = first; i < last; i++) {
            for (int to = from + steps[i]; !off(to); to += steps[i]) {
                if (p->square[to] == EMPTY || enemy(p, to))
                    list = put(list, from, to, 0, QUIET);
                if (p->square[to] != EMPTY || piece == KNIGHT || piece == KING)
                    break;
            }
        }
    }
    return castling_moves(list, p);
}

static int rights_lost(int square)
{
    switch (square) {
    case 0: return CASTLE_Q;
    case 4: return CASTLE_K | CASTLE_Q;
    case 7: return CASTLE_K;
    case 112: return CASTLE_q;
    case 116: return CASTLE_k | CASTLE_q;
    case 119: return CASTLE_k;
    default: return 0;
    }
}

/* Makes a move on a copy; false if it leaves the own king in check. */
static bool make(Position *p, Move m)
{
    int piece = p->square[m.from], me = p->side;
    p->square[m.to] = (uint8_t)(m.promotion ? m.promotion : piece);
    p->square[m.from] = EMPTY;
    if ((piece & 7) == KING)
        p->king[me / BLACK] = m.to;
    if (m.kind == EN_PASSANT)
        p->square[m.to + (me == 0 ? -16 : 16)] = EMPTY;
    if (m.kind == CASTLING) {
        int rook_from = m.to > m.from ? m.from + 3 : m.from - 4, rook_to = (m.from + m.to) / 2;
        p->square[rook_to] = p->square[rook_from];
        p->square[rook_from] = EMPTY;
    }
    p->castling &= ~(rights_lost(m.from) | rights_lost(m.to));
    p->en_passant = m.kind == DOUBLE_STEP ? (m.from + m.to) / 2 : -1;
    p->side ^= BLACK;
    return !attacked(p, p->king[me / BLACK], p->side);
}

static uint64_t count(const Position *p, unsigned depth)
{
    Move moves[256], *end = all_moves(moves, p);
    uint64_t n = 0;
    for (Move *m = moves; m < end; m++) {
        Position next = *p;
        if (make(&next, *m))
            n += depth > 1 ? count(&next, depth - 1) : 1;
    }
    return n;
}

static Position parse(const char *fen)
{
    static const char letters[] = ".pnbrqk";
    Position p = {.en_passant = -1};
    int rank = 7, file = 0;
    for (; *fen != ' '; fen++) {
        if (*fen == '/') {
            rank--, file = 0;
        } else if (isdigit((unsigned char)*fen)) {
            file += *fen - '0';
        } else {
            const char *at = strchr(letters, tolower((unsigned char)*fen));
            check(at != NULL && file < 8 && rank >= 0, "a chess position");
            int colour = islower((unsigned char)*fen) ? BLACK : 0, kind = (int)(at - letters);
            p.square[16 * rank + file] = (uint8_t)(kind | colour);
            if (kind == KING)
                p.king[colour / BLACK] = 16 * rank + file;
            file++;
        }
    }
    p.side = fen[1] == 'w' ? 0 : BLACK;
    static const char rights[] = "KQkq";
    for (fen += 3; *fen != '\0' && *fen != ' '; fen++) {
        const char *right = strchr(rights, *fen);
        if (right != NULL && *right != '\0')
            p.castling |= 1 << (right - rights);
    }
    return p;
}

void show_chess(unsigned depth)
{
    static const uint64_t start[] = {1, 20, 400, 8902, 197281, 4865609}, middle[] = {1, 48, 2039, 97862, 4085603};
    Position p = parse("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq");
    uint64_t n = count(&p, depth);
    check(n == start[depth], "positions from the start");
    p = parse("r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq");
    uint64_t m = count(&p, depth - 1);
    check(m == middle[depth - 1], "positions from the middle of a game");
    printf("%-12s%llu positions after %u half-moves, %llu in a middle game\n", "chess", (unsigned long long)n, depth, (unsigned long long)m);
}
