/* Convolution, straight from the image: nobody writes down what the window sees.
 *
 * An image is first copied into a border of zeros, so that every window lies inside. Forward, a
 * tile of the result is kept in registers, four places by eight filters, as in product.c.
 *
 * Backward, after a pooling, δ is zero nearly everywhere: at all places but the winner. So those
 * that are not are listed, filter by filter, and for each of them n vectors are read from the
 * image, for the weights' gradient, or added to it, for ∂L/∂x. The filter's own numbers meanwhile
 * stay in registers.
 */
#include "convolution.h"
#include "vector.h"

enum {
    PANEL = 8,  /* filters side by side: two vectors */
    PLACES = 4, /* of a tile: eight sums; more spill */
    MOST = 10,  /* vectors in registers, backward */
};

typedef int bits_of __attribute__((may_alias));

/* A δ that is not zero, and where in the image its window begins. */
struct Heard {
    int place;
    float delta;
};

INLINE int panels(int filters) { return (filters + PANEL - 1) / PANEL; }

static Convolution convolution(Window w, int filters, float *scratch) {
    Convolution c = {.window = w, .filters = filters};
    c.line = (w.width + 2 * w.padding) * w.channels;
    c.padded = (w.height + 2 * w.padding) * c.line + 4; /* whole vectors are read and written */
    c.run = w.size * w.channels;
    c.vectors = (c.run + 3) / 4;
    int weights = panels(filters) * PANEL * (w.size * 4 * c.vectors + 1);
    c.x = scratch;
    c.dx = c.x + c.padded;
    c.weight = c.dx + c.padded;
    c.gradient = c.weight + weights;
    c.heard = (struct Heard *)(c.gradient + weights);
    c.offsets = (int *)c.heard;
    return c;
}

long long room(Window w, int filters) { /* of `convolution`, where nothing can overflow */
    const long long high = w.height + 2LL * w.padding, wide = w.width + 2LL * w.padding;
    const long long run = (long long)w.size * w.channels, line = (run + 3) / 4 * 4;
    const long long weights = (filters + PANEL - 1LL) / PANEL * PANEL * (w.size * line + 1);
    const long long heard = 2 * (1LL * w.rows * w.columns + 1), offsets = w.size * run;
    return 2 * (high * wide * w.channels + 4 + weights) + (heard > offsets ? heard : offsets);
}

/* Borders --------------------------------------------------------------------------------- */

INLINE void copy(float *to, const float *from, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) store(to + i, load(from + i));
    for (; i < count; i++) to[i] = from[i];
}

INLINE void clear(float *to, int count) {
    for (int i = 0; i < count; i++) to[i] = 0;
}

static float *inside(const Convolution *c, float *padded) {
    return padded + c->window.padding * (c->line + c->window.channels);
}

static void put_border(const Convolution *c, const float *image) {
    float *to = inside(c, c->x);
    const int width = c->window.width * c->window.channels;
    for (int row = 0; row < c->window.height; row++, to += c->line, image += width)
        copy(to, image, width);
}

static void drop_border(const Convolution *c, float *image) {
    const float *from = inside(c, c->dx);
    const int width = c->window.width * c->window.channels;
    for (int row = 0; row < c->window.height; row++, from += c->line, image += width)
        copy(image, from, width);
}

/* Forward --------------------------------------------------------------------------------- */

Convolution look_forward(Window w, int filters, const float *weight, const float *bias,
                         float *scratch) {
    Convolution c = convolution(w, filters, scratch);
    const int terms = w.size * c.run;
    for (int k = 0; k < terms; k++) c.offsets[k] = k / c.run * c.line + k % c.run;
    clear(c.x, c.padded);
    float *panel = c.weight; /* eight biases, then eight filters' first weights, ... */
    for (int f = 0; f < panels(filters) * PANEL; f++) {
        float *to = panel + f / PANEL * PANEL * (terms + 1) + f % PANEL;
        to[0] = f < filters ? bias[f] : 0;
        for (int k = 0; k < terms; k++) to[(k + 1) * PANEL] = f < filters ? weight[f * terms + k] : 0;
    }
    return c;
}

/* z of some places side by side for the filters of a panel, `some` of eight. */
INLINE void see(const int places, const Convolution *c, const float *image, const float *panel,
                float *z, int some) {
    const int step = c->window.stride * c->window.channels, terms = c->window.size * c->run;
    const int *offset = c->offsets;
    f4 sums[PLACES][2];
    for (int p = 0; p < places; p++) sums[p][0] = load(panel), sums[p][1] = load(panel + 4);
    for (int k = 0; k < terms; k++) {
        const float *x = image + offset[k];
        panel += PANEL;
        f4 w0 = load(panel), w1 = load(panel + 4);
        for (int p = 0; p < places; p++) {
            f4 xp = all(x[p * step]);
            sums[p][0] = madd(xp, w0, sums[p][0]);
            PIN(sums[p][0]);
            sums[p][1] = madd(xp, w1, sums[p][1]);
            PIN(sums[p][1]);
        }
    }
    for (int p = 0; p < places; p++, z += c->filters) {
        store_some(z, sums[p][0], some);
        if (some > 4) store_some(z + 4, sums[p][1], some - 4);
    }
}

static void see_places(int places, const Convolution *c, const float *image, const float *panel,
                       float *z, int some) {
#define SEE(n) case n: see(n, c, image, panel, z, some); break
    switch (places) { SEE(1); SEE(2); SEE(3); SEE(4); }
}

void look(const Convolution *c, const float *image, float *z) {
    const Window *w = &c->window;
    const int tiles = (w->columns + PLACES - 1) / PLACES, places = (w->columns + tiles - 1) / tiles;
    const int panel = PANEL * (w->size * c->run + 1);
    put_border(c, image);
    for (int f = 0; f < c->filters; f += PANEL)
        for (int row = 0; row < w->rows; row++)
            for (int column = 0; column < w->columns; column += places) {
                const float *from =
                    c->x + row * w->stride * c->line + column * w->stride * w->channels;
                see_places(least(places, w->columns - column), c, from,
                           c->weight + f / PANEL * panel,
                           z + (row * w->columns + column) * c->filters + f, c->filters - f);
            }
}

/* Backward -------------------------------------------------------------------------------- */

Convolution look_backward(Window w, int filters, const float *weight, float *scratch) {
    Convolution c = convolution(w, filters, scratch);
    const int lines = filters * w.size;
    clear(c.x, c.padded);
    clear(c.weight, lines * 4 * c.vectors);
    clear(c.gradient, lines * 4 * c.vectors);
    for (int line = 0; line < lines; line++)
        copy(c.weight + line * 4 * c.vectors, weight + line * c.run, c.run);
    return c;
}

/* List where δ of a filter is not zero; returns at how many places. */
static int listen(const Convolution *c, const float *delta) {
    const Window w = c->window;
    const int filters = c->filters, down = w.stride * c->line, right = w.stride * w.channels;
    struct Heard *heard = c->heard;
    int count = 0;
    for (int row = 0; row < w.rows; row++) {
        int place = row * down;
        for (int column = 0; column < w.columns; column++, place += right, delta += filters) {
            int bits = *(const bits_of *)delta;
            heard[count] = (struct Heard){place, *delta};
            count += (bits << 1) != 0; /* but for the sign */
        }
    }
    return count;
}

/* Σ δ x, of n vectors in some lines of the window. */
INLINE void collect(const int lines, const int n, const struct Heard *heard, int count, int line,
                    int vectors, const float *image, float *gradient) {
    f4 sums[MOST];
    for (int i = 0; i < lines; i++)
        for (int v = 0; v < n; v++) sums[i * n + v] = load(gradient + 4 * (i * vectors + v));
    for (int h = 0; h < count; h++) {
        const float *x = image + heard[h].place;
        f4 d = all(heard[h].delta);
        for (int i = 0; i < lines; i++)
            for (int v = 0; v < n; v++) {
                sums[i * n + v] = madd(d, load(x + i * line + 4 * v), sums[i * n + v]);
                PIN(sums[i * n + v]);
            }
    }
    for (int i = 0; i < lines; i++)
        for (int v = 0; v < n; v++) store(gradient + 4 * (i * vectors + v), sums[i * n + v]);
}

/* dx += δ w, of n vectors in a line of the window. */
INLINE void spread(const int n, const struct Heard *heard, int count, const float *weight,
                   float *dimage) {
    f4 w[MOST];
    for (int v = 0; v < n; v++) w[v] = load(weight + 4 * v);
    for (int h = 0; h < count; h++) {
        float *dx = dimage + heard[h].place;
        f4 d = all(heard[h].delta);
        for (int v = 0; v < n; v++) store(dx + 4 * v, madd(d, w[v], load(dx + 4 * v)));
    }
}

/* Both as often as they are needed: for n vectors, which begin at the v-th, of all lines. Where
 * lines are short, several at a time, for a sum of a few vectors would wait for itself. */
static void collect_lines(const Convolution *c, int n, int v, int count, float *gradient) {
    const int size = c->window.size;
    for (int i = 0, lines; i < size; i += lines) {
        lines = n <= 2 && size - i >= 5 ? 5 : n <= 3 && size - i >= 3 ? 3 : 1;
        const float *x = c->x + i * c->line + 4 * v;
        float *to = gradient + 4 * (i * c->vectors + v);
#define COLLECT(lines, n)                                                          \
    case 16 * lines + n:                                                           \
        collect(lines, n, c->heard, count, c->line, c->vectors, x, to);            \
        break
        switch (16 * lines + n) {
            COLLECT(5, 1); COLLECT(5, 2); COLLECT(3, 1); COLLECT(3, 2); COLLECT(3, 3);
            COLLECT(1, 1); COLLECT(1, 2); COLLECT(1, 3); COLLECT(1, 4); COLLECT(1, 5);
            COLLECT(1, 6); COLLECT(1, 7); COLLECT(1, 8); COLLECT(1, 9); COLLECT(1, 10);
        }
    }
}

static void spread_lines(const Convolution *c, int n, int v, int count, const float *weight) {
    for (int i = 0; i < c->window.size; i++) {
        const float *from = weight + 4 * (i * c->vectors + v);
        float *to = c->dx + i * c->line + 4 * v;
#define SPREAD(n) case n: spread(n, c->heard, count, from, to); break
        switch (n) {
            SPREAD(1); SPREAD(2); SPREAD(3); SPREAD(4); SPREAD(5);
            SPREAD(6); SPREAD(7); SPREAD(8); SPREAD(9); SPREAD(10);
        }
    }
}

void look_back(const Convolution *c, const float *image, const float *delta, float *dx) {
    const int pieces = (c->vectors + MOST - 1) / MOST, n = (c->vectors + pieces - 1) / pieces;
    put_border(c, image);
    if (dx) clear(c->dx, c->padded);
    for (int f = 0; f < c->filters; f++) {
        const int count = listen(c, delta + f), at = f * c->window.size * 4 * c->vectors;
        for (int v = 0; v < c->vectors; v += n) {
            int some = least(n, c->vectors - v);
            collect_lines(c, some, v, count, c->gradient + at);
            if (dx) spread_lines(c, some, v, count, c->weight + at);
        }
    }
    if (dx) drop_border(c, dx);
}

void put_gradient(const Convolution *c, float *out, float alpha, float beta) {
    const float *from = c->gradient;
    for (int line = 0; line < c->filters * c->window.size; line++, from += 4 * c->vectors)
        for (int t = 0, some; some = least(c->run - t, 4), t < c->run; t += 4, out += some) {
            f4 g = alpha * load(from + t);
            if (beta != 0) g += beta * load_some(out, some);
            store_some(out, g, some);
        }
}
