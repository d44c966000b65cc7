/* What a matrix comes to: down its columns, along its rows, as a whole. */
#include "sums.h"
#include "vector.h"

enum { BLOCK = 256 }; /* rows: a sum of thousands of numbers, one by one, would lose a digit */

void column_sums(const float *data, int rows, int columns, float *out, float alpha, float beta) {
    for (int c = 0; c < columns; c += 4) {
        const float *p = data + c;
        int some = least(columns - c, 4), row = 0;
        f4 total = {};
        while (row < rows) {
            int end = row + least(rows - row, BLOCK);
            f4 sums[4] = {}; /* four, because each addition waits for the one before it */
            for (; some == 4 && row + 4 <= end; row += 4, p += 4 * columns)
                for (int i = 0; i < 4; i++) sums[i] += load(p + i * columns);
            for (; row < end; row++, p += columns) sums[0] += load_some(p, some);
            total += sums[0] + sums[1] + (sums[2] + sums[3]);
        }
        f4 result = alpha * total;
        if (beta != 0) result += beta * load_some(out + c, some);
        store_some(out + c, result, some);
    }
}

void row_maxima(const float *data, int rows, int columns, float *out) {
    for (int row = 0; row < rows; row++, data += columns) {
        f4 most = all(data[0]);
        int c = 0;
        for (; c + 4 <= columns; c += 4) most = __builtin_wasm_max_f32x4(most, load(data + c));
        for (; c < columns; c++) most = __builtin_wasm_max_f32x4(most, all(data[c]));
        most = __builtin_wasm_max_f32x4(most, __builtin_shufflevector(most, most, 2, 3, 0, 1));
        most = __builtin_wasm_max_f32x4(most, __builtin_shufflevector(most, most, 1, 0, 3, 2));
        out[row] = most[0];
    }
}

bool finite(const float *data, int count) {
    f4 nothing = all(0); /* 0 x is 0 for every number, and NaN for NaN and infinity */
    int i = 0;
    for (; i + 4 <= count; i += 4) nothing += 0.0f * load(data + i);
    if (i < count) nothing += 0.0f * load_some(data + i, count - i);
    return sum(nothing) == 0;
}
