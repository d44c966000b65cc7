#pragma once

/* A square window that slides over images of (height, width, channels), as Window in Python. */
typedef struct {
    int height, width, channels, size, stride, padding;
    int rows, columns; /* its positions, from top to bottom and from left to right */
} Window;

/* Channel by channel, at each position: the largest number that the window sees, and which it was;
 * or, without `winner`, the mean. And the way back. There is no padding. */
void pool(const float *images, int batch, Window window, float *out, float *winner);
void pool_back(const float *dout, const float *winner, int batch, Window window, float *dimages);
