#pragma once

/* An operand as it lies in memory: element (row, column) is data[row * down + column * right]. */
typedef struct {
    const float *data;
    int down, right;
} Operand;

/* Where a product goes: out ← alpha · product + beta · out + bias, for every row.
 * With beta 0, out is not read; bias may be NULL. Rows are `down` apart. */
typedef struct {
    float *data;
    int down;
    float alpha, beta;
    const float *bias;
} Target;

/* The product of a (M, K) and b (K, N). The target overlaps neither. */
void product(int M, int N, int K, Operand a, Operand b, Target out);
