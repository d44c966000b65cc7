/* The matrix product, in two ways; both keep a small tile of the result in registers.
 *
 * `dots`: the summed index runs along the rows of both operands (x Wᵀ). Each number of the tile is
 * a dot product of two rows, four terms at a time. Nothing has to be rearranged.
 *
 * `outer`: everything else (δᵀ x, δ W). The tile gathers outer products of a column of `a`, one
 * number at a time, and a row of `b`, eight numbers at a time, which have first been copied into
 * a panel (Goto, van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
 *
 * Both leave out what is zero in a whole vector: four pixels of two digits, or eight of one. Six in
 * ten of MNIST's are, so most of the first layer's work is never done. The sums are the same, but
 * for zero times infinity, which is not noticed.
 *
 * A tile has about ten vectors of sums: of a processor's sixteen registers a few are needed for
 * the factors, and fewer than eight sums would wait for each other.
 */
#include "product.h"
#include <stdbool.h>
#include "vector.h"

#ifdef __wasm_relaxed_simd__
enum { DOT_ROWS = 2, DOT_COLUMNS = 6 };
#else
enum { DOT_ROWS = 2, DOT_COLUMNS = 4 }; /* a product needs a register before it is added */
#endif
enum {
    SHORTEST_DOT = 256,/* below it, adding up four lanes costs more than copying to a panel */
    DOT_DEPTH = 1024,  /* terms of a dot product at a time, */
    DOT_PAIRS = 32,    /* for so many pairs of rows */
    TILE_ROWS = 5,
    PANEL = 8,         /* columns of a panel, and of a tile: two vectors */
    DEPTH = 256,       /* rows of a panel: 8 KB, a small part of a first-level cache */
};

/* Whether any number of two vectors is not zero. */
INLINE bool any(f4 a, f4 b) { return __builtin_wasm_any_true_v128((a != 0.0f) | (b != 0.0f)); }

INLINE void put(const Target *out, int row, int column, float value) {
    float *to = out->data + row * out->down + column;
    value *= out->alpha;
    if (out->beta != 0) value += out->beta * *to;
    if (out->bias) value += out->bias[column];
    *to = value;
}

/* The part of the target that begins at (row, column). */
static Target part(const Target *out, int row, int column) {
    Target moved = *out;
    moved.data += row * out->down + column;
    if (out->bias) moved.bias += column;
    return moved;
}

static bool changes_nothing(const Target *out, int terms) {
    return terms == 0 && out->beta == 1 && !out->bias;
}

/* Dot products ------------------------------------------------------------------------------ */

/* For each pair of rows of `a`, where it is not zero: the first of four columns. */
static unsigned short places[DOT_PAIRS][DOT_DEPTH / 4];
static int lengths[DOT_PAIRS];

static void find_places(int M, int K, Operand a) {
    for (int m = 0, pair = 0; m < M; m += 2, pair++) {
        const float *row = a.data + m * a.down, *next = m + 1 < M ? row + a.down : row;
        int length = 0;
        for (int k = 0; k + 4 <= K; k += 4) {
            places[pair][length] = k;
            length += any(load(row + k), load(next + k));
        }
        lengths[pair] = length;
    }
}

INLINE void dots(const int rows, const int columns, int K, const unsigned short *place, int length,
                 Operand a, Operand b, const Target *out) {
    f4 sums[DOT_ROWS][DOT_COLUMNS] = {};
    for (int t = 0; t < length; t++) {
        int k = place[t];
        f4 x[DOT_ROWS];
        for (int i = 0; i < rows; i++) x[i] = load(a.data + i * a.down + k);
        for (int j = 0; j < columns; j++) {
            f4 w = load(b.data + j * b.right + k);
            for (int i = 0; i < rows; i++) {
                sums[i][j] = madd(x[i], w, sums[i][j]);
                PIN(sums[i][j]);
            }
        }
    }
    int end = K & ~3, some = K - end;
    for (int j = 0; j < columns && some; j++) {
        f4 w = load_some(b.data + j * b.right + end, some);
        for (int i = 0; i < rows; i++)
            sums[i][j] = madd(load_some(a.data + i * a.down + end, some), w, sums[i][j]);
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) put(out, i, j, sum(sums[i][j]));
}

static void dot_tile(int rows, int columns, int K, int pair, Operand a, Operand b,
                     const Target *out) {
    const unsigned short *place = places[pair];
    int length = lengths[pair];
#define DOTS(i, j) case 8 * i + j: dots(i, j, K, place, length, a, b, out); break
    switch (8 * rows + columns) {
        DOTS(1, 1); DOTS(1, 2); DOTS(1, 3); DOTS(1, 4);
        DOTS(2, 1); DOTS(2, 2); DOTS(2, 3); DOTS(2, 4);
#ifdef __wasm_relaxed_simd__
        DOTS(1, 5); DOTS(1, 6);
        DOTS(2, 5); DOTS(2, 6);
#endif
    }
}

static void dot_block(int M, int N, int K, Operand a, Operand b, const Target *out) {
    find_places(M, K, a);
    for (int n = 0; n < N; n += DOT_COLUMNS) {
        Operand columns = {b.data + n * b.right, b.down, b.right};
        for (int m = 0; m < M; m += DOT_ROWS) {
            Operand rows = {a.data + m * a.down, a.down, a.right};
            Target tile = part(out, m, n);
            dot_tile(least(M - m, DOT_ROWS), least(N - n, DOT_COLUMNS), K, m / 2, rows, columns,
                     &tile);
        }
    }
}

static void product_by_dots(int M, int N, int K, Operand a, Operand b, Target out) {
    const int tall = DOT_PAIRS * DOT_ROWS;
    for (int k = 0; k < K; k += DOT_DEPTH) {
        Operand columns = {b.data + k, b.down, b.right};
        for (int m = 0; m < M; m += tall) {
            Operand rows = {a.data + m * a.down + k, a.down, a.right};
            Target block = part(&out, m, 0);
            dot_block(least(M - m, tall), N, least(K - k, DOT_DEPTH), rows, columns, &block);
        }
        out.beta = 1; /* the rest is added to it */
        out.bias = 0;
    }
}

/* Outer products ---------------------------------------------------------------------------- */

/* Eight columns of `b`, but for rows of zeros; and for each row, where its factors lie in `a`. */
static float panel[DEPTH * PANEL];
static int factors[DEPTH];

/* Fills the panel from `columns` of `b` (zeros beyond them); returns how many rows it has. */
static int pack(int K, int columns, Operand a, Operand b) {
    int length = 0;
    for (int k = 0; k < K; k++) {
        const float *from = b.data + k * b.down;
        float *to = panel + length * PANEL;
        if (columns == PANEL && b.right == 1) {
            store(to, load(from));
            store(to + 4, load(from + 4));
        } else {
            for (int j = 0; j < PANEL; j++) to[j] = j < columns ? from[j * b.right] : 0;
        }
        factors[length] = k * a.right;
        length += any(load(to), load(to + 4));
    }
    return length;
}

/* M rows, a multiple of `rows`, of eight columns of the result. `add`: beta is not zero. */
INLINE void outer(const int rows, const bool add, int M, int length, Operand a,
                  const Target *target) {
    Target out = *target;
    f4 bias[2] = {};
    if (out.bias) bias[0] = load(out.bias), bias[1] = load(out.bias + 4);
    for (int m = 0; m < M; m += rows, a.data += rows * a.down, out.data += rows * out.down) {
        f4 sums[TILE_ROWS][2] = {};
        for (int k = 0; k < length; k++) {
            const float *x = a.data + factors[k];
            f4 y0 = load(panel + k * PANEL), y1 = load(panel + k * PANEL + 4);
            for (int i = 0; i < rows; i++) {
                f4 xi = all(x[i * a.down]);
                sums[i][0] = madd(xi, y0, sums[i][0]);
                PIN(sums[i][0]);
                sums[i][1] = madd(xi, y1, sums[i][1]);
                PIN(sums[i][1]);
            }
        }
        for (int i = 0; i < rows; i++) {
            float *to = out.data + i * out.down;
            f4 left = out.alpha * sums[i][0] + bias[0], right = out.alpha * sums[i][1] + bias[1];
            if (add) left += out.beta * load(to), right += out.beta * load(to + 4);
            store(to, left);
            store(to + 4, right);
        }
    }
}

/* M rows: as many whole tiles as fit, and one of the rows that are left. */
INLINE void outer_tiles(const bool add, int M, int length, Operand a, const Target *out) {
    int whole = M / TILE_ROWS * TILE_ROWS;
    outer(TILE_ROWS, add, whole, length, a, out);
    a.data += whole * a.down;
    Target last = part(out, whole, 0);
#define OUTER(n) case n: outer(n, add, n, length, a, &last); break
    switch (M - whole) { OUTER(1); OUTER(2); OUTER(3); OUTER(4); }
}

static void outer_rows(int M, int length, Operand a, const Target *out) {
    if (out->beta == 0) outer_tiles(false, M, length, a, out);
    else outer_tiles(true, M, length, a, out);
}

/* Fewer columns than a tile has: computed beside the target, then copied. */
static void outer_narrow(int M, int columns, int length, Operand a, const Target *out) {
    static float narrow[TILE_ROWS * PANEL];
    for (int m = 0; m < M; m += TILE_ROWS, a.data += TILE_ROWS * a.down) {
        int rows = least(M - m, TILE_ROWS);
        outer_rows(rows, length, a, &(Target){narrow, PANEL, 1, 0, 0});
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) put(out, m + i, j, narrow[i * PANEL + j]);
    }
}

static void product_by_outer(int M, int N, int K, Operand a, Operand b, Target out) {
    for (int k = 0; k < K; k += DEPTH) {
        Operand strip = {a.data + k * a.right, a.down, a.right};
        for (int n = 0; n < N; n += PANEL) {
            int columns = least(N - n, PANEL);
            Operand below = {b.data + k * b.down + n * b.right, b.down, b.right};
            Target across = part(&out, 0, n);
            int length = pack(least(K - k, DEPTH), columns, strip, below);
            if (changes_nothing(&across, length)) continue;
            if (columns == PANEL) outer_rows(M, length, strip, &across);
            else outer_narrow(M, columns, length, strip, &across);
        }
        out.beta = 1; /* the rest is added to it */
        out.bias = 0;
    }
}

void product(int M, int N, int K, Operand a, Operand b, Target out) {
    if (a.right == 1 && b.down == 1 && (K >= SHORTEST_DOT || M < 32))
        product_by_dots(M, N, K, a, b, out);
    else
        product_by_outer(M, N, K, a, b, out);
}
