/* Bytes in, bytes' meaning out: pixels of a batch, labels as targets, answers as labels. */
#include "digits.h"
#include "vector.h"

typedef unsigned char u1x4 __attribute__((vector_size(4)));
typedef u1x4 u1x4_anywhere __attribute__((aligned(1), may_alias));

/* x / 255, rounded as a division is: 1/255 = 1/256 + 1/65280, and x/256 is exact. */
INLINE f4 fraction(f4 x) { return x * 0.00390625f + x * (1.0f / 65280.0f); }

INLINE f4 four_pixels(const unsigned char *p) {
    return __builtin_convertvector(*(const u1x4_anywhere *)p, f4);
}

/* Chosen at random, the images are not in the processor's caches. This asks for a part of each of
 * their lines of 64 bytes, all at once, so that the waits overlap. */
static void fetch(const unsigned char *images, int pixels, const int *rows, int step, int batch) {
    int sum = 0;
    for (int e = 0; e < batch; e++) {
        const unsigned char *image = images + rows[e * step] * pixels;
        for (int i = 0; i < pixels; i += 64) sum += image[i];
        sum += image[pixels - 1];
    }
    PIN(sum);
}

void gather(const unsigned char *images, int pixels, const int *rows, int step, int batch,
            float *out) {
    if (pixels > 0) fetch(images, pixels, rows, step, batch);
    for (int e = 0; e < batch; e++, out += pixels) {
        const unsigned char *image = images + rows[e * step] * pixels;
        int i = 0;
        for (; i + 4 <= pixels; i += 4) store(out + i, fraction(four_pixels(image + i)));
        for (; i < pixels; i++) out[i] = fraction(all(image[i]))[0];
    }
}

void one_hot(const unsigned char *labels, int batch, int classes, float *out) {
    for (int e = 0; e < batch; e++, out += classes) {
        for (int k = 0; k < classes; k++) out[k] = 0;
        out[labels[e]] = 1;
    }
}

int largest(const float *row, int columns) {
    int winner = 0;
    for (int k = 1; k < columns && row[winner] == row[winner]; k++)
        if (!(row[k] <= row[winner])) winner = k;
    return winner;
}
