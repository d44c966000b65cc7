/* Pooling: one number out of each window, channel by channel. */
#include "window.h"
#include <stdbool.h>
#include "vector.h"

/* For each position of the window, where it begins in the images: at `corner`. */
#define EACH_POSITION(w, batch, corner)                                                          \
    for (int b = 0; b < batch; b++)                                                              \
        for (int r = 0; r < w.rows; r++)                                                         \
            for (int q = 0, corner = ((b * w.height + r * w.stride) * w.width) * w.channels;     \
                 q < w.columns; q++, corner += w.stride * w.channels)

/* `size` is the window's; known beforehand, its loops are none. `whole`: channels come by four. */
INLINE void pool_vectors(const int size, const bool largest, const bool whole, const float *images,
                         int batch, Window w, float *out, float *winner) {
    int at = 0;
    EACH_POSITION(w, batch, corner) {
        for (int c = 0, some; some = least(w.channels - c, 4), c < w.channels; c += 4, at += some) {
            const float *row = images + corner + c;
            f4 best = load_some(row, whole ? 4 : some), which = all(0), place = all(0);
            for (int i = 0; i < size; i++, row += w.width * w.channels) {
                for (int j = i == 0; j < size; j++) {
                    f4 x = load_some(row + j * w.channels, whole ? 4 : some);
                    place += 1.0f;
                    which = choose(x > best, place, which);
                    best = largest ? __builtin_wasm_max_f32x4(best, x) : best + x;
                }
            }
            if (largest) store_some(winner + at, which, whole ? 4 : some);
            else best /= (float)(size * size);
            store_some(out + at, best, whole ? 4 : some);
        }
    }
}

void pool(const float *images, int batch, Window w, float *out, float *winner) {
    const bool whole = w.channels % 4 == 0;
    if (!winner) pool_vectors(w.size, false, false, images, batch, w, out, 0);
    else if (whole && w.size == 2) pool_vectors(2, true, true, images, batch, w, out, winner);
    else if (whole && w.size == 3) pool_vectors(3, true, true, images, batch, w, out, winner);
    else pool_vectors(w.size, true, false, images, batch, w, out, winner);
}

INLINE void pool_vectors_back(const int size, const bool largest, const bool whole,
                              const float *dout, const float *winner, int batch, Window w,
                              float *dimages) {
    const bool apart = w.stride >= w.size; /* then no number is heard of twice */
    int at = 0;
    EACH_POSITION(w, batch, corner) {
        for (int c = 0, some; some = least(w.channels - c, 4), c < w.channels; c += 4, at += some) {
            float *row = dimages + corner + c;
            f4 d = load_some(dout + at, whole ? 4 : some), which = all(0), place = all(0);
            if (largest) which = load_some(winner + at, whole ? 4 : some);
            else d /= (float)(size * size);
            for (int i = 0; i < size; i++, row += w.width * w.channels) {
                for (int j = 0; j < size; j++, place += 1.0f) {
                    float *to = row + j * w.channels;
                    f4 part = largest ? choose(which == place, d, all(0)) : d;
                    if (!apart) part += load_some(to, whole ? 4 : some);
                    store_some(to, part, whole ? 4 : some);
                }
            }
        }
    }
}

void pool_back(const float *dout, const float *winner, int batch, Window w, float *dimages) {
    const bool everywhere = w.rows * w.size == w.height && w.columns * w.size == w.width;
    const int count = batch * w.height * w.width * w.channels;
    for (int i = 0; i < count && !(everywhere && w.stride == w.size); i++) dimages[i] = 0;
    const bool whole = w.channels % 4 == 0;
    if (!winner) pool_vectors_back(w.size, false, false, dout, 0, batch, w, dimages);
    else if (whole && w.size == 2)
        pool_vectors_back(2, true, true, dout, winner, batch, w, dimages);
    else if (whole && w.size == 3)
        pool_vectors_back(3, true, true, dout, winner, batch, w, dimages);
    else pool_vectors_back(w.size, true, false, dout, winner, batch, w, dimages);
}
