/* The matrix product, in two ways; both keep a small tile of the result in registers.
 *
 * `dots`: the summed index runs along the rows of both operands (x Wᵀ). Each number of the tile is
 * a dot product of two rows, four terms at a time. Nothing has to be rearranged.
 *
 * `outer`: everything else (δᵀ x, δ W). The tile gathers outer products of a column of `a`, one
 * number at a time, and a row of `b`, four numbers at a time (Goto, van de Geijn, "Anatomy of
 * high-performance matrix multiplication", 2008). Where the rows of `b` are many, or not
 * contiguous, eight columns of them are first copied into a panel.
 *
 * A tile has about ten vectors of sums: of a processor's sixteen registers a few are needed for
 * the factors, and fewer than eight sums would wait for each other.
 */
#include "product.h"
#include "vector.h"

#ifdef __wasm_relaxed_simd__
enum { DOT_ROWS = 2, DOT_COLUMNS = 6 };
#else
enum { DOT_ROWS = 2, DOT_COLUMNS = 4 }; /* a product needs a register before it is added */
#endif
enum {
    SHORTEST_DOT = 24, /* below it, adding up four lanes costs more than the copying */
    TILE_ROWS = 5,
    PANEL = 8,         /* columns of a panel, and of a tile: two vectors */
    DEPTH = 256,       /* rows of a panel: 8 KB, a small part of a first-level cache */
    SHALLOW = 16,      /* rows of `b` that are read where they are */
};

/* Keeps the compiler from moving all additions of a loop to its end, which spills registers. */
#define PIN(v) __asm__ volatile("" : "+r"(v))

INLINE void put4(const Target *out, int row, int column, f4 value) {
    float *to = out->data + row * out->down + column;
    value *= out->alpha;
    if (out->beta != 0) value += out->beta * load(to);
    if (out->bias) value += load(out->bias + column);
    store(to, value);
}

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

/* Dot products ------------------------------------------------------------------------------ */

INLINE void dots(const int rows, const int columns, int K, Operand a, Operand b,
                 const Target *out) {
    f4 sums[DOT_ROWS][DOT_COLUMNS] = {};
    int k = 0;
    for (; k + 4 <= K; k += 4) {
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
    if (k < K) {
        for (int j = 0; j < columns; j++) {
            f4 w = load_some(b.data + j * b.right + k, K - k);
            for (int i = 0; i < rows; i++)
                sums[i][j] = madd(load_some(a.data + i * a.down + k, K - k), w, sums[i][j]);
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) put(out, i, j, sum(sums[i][j]));
}

static void dot_tile(int rows, int columns, int K, Operand a, Operand b, const Target *out) {
#define DOTS(i, j) case 8 * i + j: dots(i, j, K, a, b, out); break
    switch (8 * rows + columns) {
        DOTS(1, 1); DOTS(1, 2); DOTS(1, 3); DOTS(1, 4);
        DOTS(2, 1); DOTS(2, 2); DOTS(2, 3); DOTS(2, 4);
#ifdef __wasm_relaxed_simd__
        DOTS(1, 5); DOTS(1, 6);
        DOTS(2, 5); DOTS(2, 6);
#endif
    }
}

static void product_by_dots(int M, int N, int K, Operand a, Operand b, const Target *out) {
    for (int n = 0; n < N; n += DOT_COLUMNS) {
        Operand columns = {b.data + n * b.right, b.down, b.right};
        for (int m = 0; m < M; m += DOT_ROWS) {
            Operand rows = {a.data + m * a.down, a.down, a.right};
            Target tile = part(out, m, n);
            dot_tile(least(M - m, DOT_ROWS), least(N - n, DOT_COLUMNS), K, rows, columns, &tile);
        }
    }
}

/* Outer products ---------------------------------------------------------------------------- */

INLINE void outer(const int rows, int K, Operand a, Operand b, const Target *out) {
    f4 sums[TILE_ROWS][2] = {};
    for (int k = 0; k < K; k++) {
        f4 y0 = load(b.data), y1 = load(b.data + 4);
        for (int i = 0; i < rows; i++) {
            f4 x = all(a.data[i * a.down]);
            sums[i][0] = madd(x, y0, sums[i][0]);
            PIN(sums[i][0]);
            sums[i][1] = madd(x, y1, sums[i][1]);
            PIN(sums[i][1]);
        }
        a.data += a.right;
        b.data += b.down;
    }
    for (int i = 0; i < rows; i++) {
        put4(out, i, 0, sums[i][0]);
        put4(out, i, 4, sums[i][1]);
    }
}

static void outer_tile(int rows, int K, Operand a, Operand b, const Target *out) {
#define OUTER(n) case n: outer(n, K, a, b, out); break
    switch (rows) { OUTER(1); OUTER(2); OUTER(3); OUTER(4); OUTER(5); }
}

static float panel[DEPTH * PANEL];

/* panel[k][j] ← b[k][j], with zeros beyond the last column. */
static Operand packed(int K, int columns, Operand b) {
    for (int k = 0; k < K; k++) {
        const float *from = b.data + k * b.down;
        float *to = panel + k * PANEL;
        if (columns == PANEL && b.right == 1) {
            store(to, load(from));
            store(to + 4, load(from + 4));
        } else {
            for (int j = 0; j < PANEL; j++) to[j] = j < columns ? from[j * b.right] : 0;
        }
    }
    return (Operand){panel, PANEL, 1};
}

/* Up to eight columns of the result, whose factors `b` has in eight. */
static void panel_product(int M, int columns, int K, Operand a, Operand b, const Target *out) {
    static float narrow[TILE_ROWS * PANEL];
    for (int m = 0; m < M; m += TILE_ROWS) {
        int rows = least(M - m, TILE_ROWS);
        Operand strip = {a.data + m * a.down, a.down, a.right};
        Target tile = part(out, m, 0);
        if (columns == PANEL) {
            outer_tile(rows, K, strip, b, &tile);
            continue;
        }
        outer_tile(rows, K, strip, b, &(Target){narrow, PANEL, 1, 0, 0});
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) put(&tile, i, j, narrow[i * PANEL + j]);
    }
}

static void product_by_outer(int M, int N, int K, Operand a, Operand b, Target out) {
    for (int k = 0; k < K; k += DEPTH) {
        int depth = least(K - k, DEPTH);
        Operand strip = {a.data + k * a.right, a.down, a.right};
        for (int n = 0; n < N; n += PANEL) {
            int columns = least(N - n, PANEL);
            Operand factors = {b.data + k * b.down + n * b.right, b.down, b.right};
            if (columns < PANEL || b.right != 1 || (depth > SHALLOW && M > 2 * TILE_ROWS))
                factors = packed(depth, columns, factors);
            Target columns_of_out = part(&out, 0, n);
            panel_product(M, columns, depth, strip, factors, &columns_of_out);
        }
        out.beta = 1; /* the rest is added to it */
        out.bias = 0;
    }
}

void product(int M, int N, int K, Operand a, Operand b, Target out) {
    if (a.right == 1 && b.down == 1 && K >= SHORTEST_DOT)
        product_by_dots(M, N, K, a, b, &out);
    else
        product_by_outer(M, N, K, a, b, out);
}
