#pragma once
#include <stdbool.h>

/* out ← alpha Σ rows + beta out. With beta 0, out is not read. */
void column_sums(const float *data, int rows, int columns, float *out, float alpha, float beta);

/* out[row] ← the largest number of the row; NaN, if there is one. */
void row_maxima(const float *data, int rows, int columns, float *out);

/* Whether no number is NaN or infinite. */
bool finite(const float *data, int count);
