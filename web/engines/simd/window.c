/* Windows over images: what a convolution and a pooling layer look through.
 *
 * A row of the window is contiguous in the image, channels innermost, so all of this copies or adds
 * runs of numbers.
 */
#include "window.h"
#include "vector.h"

INLINE void copy(float *to, const float *from, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) store(to + i, load(from + i));
    for (; i < count; i++) to[i] = from[i];
}

/* The same, but up to three numbers too far: more has to follow, in both arrays. */
INLINE void copy_roughly(float *to, const float *from, int count) {
    for (int i = 0; i < count; i += 4) store(to + i, load(from + i));
}

INLINE void clear(float *to, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) store(to + i, all(0));
    for (; i < count; i++) to[i] = 0;
}

INLINE void add(float *to, const float *from, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) store(to + i, load(to + i) + load(from + i));
    for (; i < count; i++) to[i] += from[i];
}

/* The part of a window at `start` that lies inside an image `length` long: [*from, *to). */
INLINE void inside(int start, int size, int length, int *from, int *to) {
    *from = start < 0 ? least(-start, size) : 0;
    *to = least(size, length - start);
    if (*to < *from) *to = *from;
}

/* One row of positions whose windows lie inside the image. */
static void unfold_inside(const float *pixel, Window w, float *seen) {
    const int run = w.size * w.channels, line = w.width * w.channels;
    for (int c = 0; c < w.columns; c++, pixel += w.stride * w.channels)
        for (int i = 0; i < w.size; i++, seen += run) copy_roughly(seen, pixel + i * line, run);
}

void unfold(const float *images, int batch, Window w, float *seen) {
    const int run = w.size * w.channels, line = w.width * w.channels;
    const int row = w.columns * w.size * run; /* what a row of positions sees */
    const float *images_end = images + batch * w.height * line;
    const float *seen_end = seen + batch * w.rows * row;
    for (int b = 0; b < batch; b++, images += w.height * line) {
        for (int r = 0; r < w.rows; r++) {
            int top = r * w.stride - w.padding, from, to;
            const float *below = images + (top + w.size) * line; /* nothing later is read */
            if (w.padding == 0 && below + 3 <= images_end && seen + row + 3 <= seen_end) {
                unfold_inside(images + top * line, w, seen);
                seen += row;
                continue;
            }
            inside(top, w.size, w.height, &from, &to);
            for (int c = 0; c < w.columns; c++, seen += w.size * run) {
                int left = c * w.stride - w.padding, first, last;
                inside(left, w.size, w.width, &first, &last);
                const float *pixel = images + top * line + left * w.channels;
                if (last - first < w.size || to - from < w.size) clear(seen, w.size * run);
                for (int i = from; i < to; i++)
                    copy(seen + i * run + first * w.channels,
                         pixel + i * line + first * w.channels, (last - first) * w.channels);
            }
        }
    }
}

void fold(const float *seen, int batch, Window w, float *images) {
    const int run = w.size * w.channels, line = w.width * w.channels;
    for (int b = 0; b < batch; b++, images += w.height * line) {
        clear(images, w.height * line);
        for (int r = 0; r < w.rows; r++) {
            int top = r * w.stride - w.padding, from, to;
            inside(top, w.size, w.height, &from, &to);
            for (int c = 0; c < w.columns; c++, seen += w.size * run) {
                int left = c * w.stride - w.padding, first, last;
                inside(left, w.size, w.width, &first, &last);
                float *pixel = images + top * line + left * w.channels;
                for (int i = from; i < to; i++)
                    add(pixel + i * line + first * w.channels,
                        seen + i * run + first * w.channels, (last - first) * w.channels);
            }
        }
    }
}

void pool(const float *seen, int n, int places, int channels, float *out, float *winner) {
    for (int row = 0; row < n; row++, seen += places * channels) {
        for (int c = 0; c < channels; c += 4) {
            int some = least(channels - c, 4), at = row * channels + c;
            f4 best = load_some(seen + c, some), which = all(0);
            for (int place = 1; place < places; place++) {
                f4 x = load_some(seen + place * channels + c, some);
                which = choose(x > best, all(place), which);
                best = winner ? __builtin_wasm_max_f32x4(best, x) : best + x;
            }
            if (winner) store_some(winner + at, which, some);
            store_some(out + at, winner ? best : best / (float)places, some);
        }
    }
}

void pool_back(const float *dout, const float *winner, int n, int places, int channels,
               float *dseen) {
    for (int row = 0; row < n; row++, dseen += places * channels) {
        for (int c = 0; c < channels; c += 4) {
            int some = least(channels - c, 4), at = row * channels + c;
            f4 d = load_some(dout + at, some), which = all(0);
            if (winner) which = load_some(winner + at, some);
            else d /= (float)places;
            for (int place = 0; place < places; place++) {
                f4 part = winner ? choose(which == (float)place, d, all(0)) : d;
                store_some(dseen + place * channels + c, part, some);
            }
        }
    }
}
