#pragma once
#include <stdbool.h>

/* out[e] ← images[rows[e]] / 255, an image being `pixels` bytes. */
void gather(const unsigned char *images, int pixels, const int *rows, int step, int batch,
            float *out);

/* out[e][k] ← 1 where k is labels[e], else 0. */
void one_hot(const unsigned char *labels, int batch, int classes, float *out);

/* The column of a row's first largest number; of the first NaN, if there is one. */
int largest(const float *row, int columns);
