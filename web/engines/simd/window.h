#pragma once

/* A square window that slides over images of (height, width, channels), as Window in Python. */
typedef struct {
    int height, width, channels, size, stride, padding;
    int rows, columns; /* its positions, from top to bottom and from left to right */
} Window;

/* What the window sees at each position becomes a row of `seen`; and the way back, where every
 * number is added to the pixel it was read from. */
void unfold(const float *images, int batch, Window window, float *seen);
void fold(const float *seen, int batch, Window window, float *images);

/* Of `places` rows of `channels` each, `n` times: the largest, and which place had it; or, without
 * `winner`, the mean. And the way back. */
void pool(const float *seen, int n, int places, int channels, float *out, float *winner);
void pool_back(const float *dout, const float *winner, int n, int places, int channels,
               float *dseen);
