/* Builtins for dense layers: products, and what goes with them. */
#include "calls.h"
#include "product.h"
#include "sums.h"

static Target into(const Floats *m, float alpha, float beta) {
    return (Target){m->data, m->columns, alpha, beta, 0};
}
static Operand as_it_is(const Floats *m) { return (Operand){m->data, m->columns, 1}; }
static Operand transposed(const Floats *m) { return (Operand){m->data, 1, m->columns}; }

/* (a, b, out, transpose_a, transpose_b, alpha, beta) */
PyObject *py_product(ARGUMENTS) {
    Floats a, b, out;
    int ta, tb;
    float alpha, beta;
    EXPECT(count == 7 && readable(args[0], &a) && readable(args[1], &b) && writable(args[2], &out));
    EXPECT(whole(args[3], &ta) && whole(args[4], &tb));
    EXPECT(number(args[5], &alpha) && number(args[6], &beta));
    int M = ta ? a.columns : a.rows, K = ta ? a.rows : a.columns;
    int N = tb ? b.rows : b.columns, depth = tb ? b.columns : b.rows;
    EXPECT(K == depth && out.rows == M && out.columns == N && out.count > 0 && K > 0);
    EXPECT(!overlap(&a, &out) && !overlap(&b, &out));
    product(M, N, K, ta ? transposed(&a) : as_it_is(&a), tb ? transposed(&b) : as_it_is(&b),
            into(&out, alpha, beta));
    DONE;
}

/* (x, weight, bias, z, a, formula): z ← x Wᵀ + b, then a ← formula(z) unless it is None. */
PyObject *py_affine(ARGUMENTS) {
    Floats x, weight, bias, z, a;
    EXPECT(count == 6 && readable(args[0], &x) && readable(args[1], &weight));
    EXPECT(readable(args[2], &bias) && writable(args[3], &z) && writable(args[4], &a));
    EXPECT(weight.columns == x.columns && bias.count == weight.rows && x.count > 0);
    EXPECT(z.rows == x.rows && z.columns == weight.rows && a.count == z.count);
    EXPECT(!overlap(&x, &z) && !overlap(&weight, &z) && !overlap(&bias, &z) && !overlap(&z, &a));
    const Formula *formula = is_none(args[5]) ? 0 : read_formula(args[5], 1);
    EXPECT(is_none(args[5]) || (formula && formula->results == 1));
    Target out = into(&z, 1, 0);
    out.bias = bias.data;
    product(x.rows, weight.rows, x.columns, as_it_is(&x), transposed(&weight), out);
    Input input = {WHOLE, z.data, 0};
    if (formula) evaluate(formula, &input, z.count, z.columns, &a.data);
    DONE;
}

/* (x, weight, delta, dx, weights, alpha, beta, biases, bias_alpha, bias_beta): dx, which may be
 * None, ← δ W; then weights ← alpha δᵀ x + beta weights and biases ← alpha Σ δ + beta biases. */
PyObject *py_affine_backward(ARGUMENTS) {
    Floats x, weight, delta, dx, weights, biases;
    float alpha, beta, bias_alpha, bias_beta;
    EXPECT(count == 10 && readable(args[0], &x) && readable(args[1], &weight));
    EXPECT(readable(args[2], &delta) && writable(args[4], &weights) && writable(args[7], &biases));
    EXPECT(number(args[5], &alpha) && number(args[6], &beta));
    EXPECT(number(args[8], &bias_alpha) && number(args[9], &bias_beta));
    EXPECT(weight.columns == x.columns && weight.rows == delta.columns && x.rows == delta.rows);
    EXPECT(weights.rows == weight.rows && weights.columns == weight.columns && x.count > 0);
    EXPECT(biases.count == delta.columns && !overlap(&weights, &biases));
    EXPECT(!overlap(&weights, &x) && !overlap(&weights, &delta) && !overlap(&biases, &delta));
    bool back = !is_none(args[3]);
    if (back) {
        EXPECT(writable(args[3], &dx) && dx.count == x.count && !overlap(&dx, &weight));
        EXPECT(!overlap(&dx, &delta) && !overlap(&dx, &x) && !overlap(&dx, &weights));
        dx.columns = x.columns;
        product(delta.rows, weight.columns, weight.rows, as_it_is(&delta), as_it_is(&weight),
                into(&dx, 1, 0));
    }
    product(weight.rows, weight.columns, x.rows, transposed(&delta), as_it_is(&x),
            into(&weights, alpha, beta));
    column_sums(delta.data, delta.rows, delta.columns, biases.data, bias_alpha, bias_beta);
    DONE;
}

/* (array, out, alpha, beta) */
PyObject *py_column_sums(ARGUMENTS) {
    Floats array, out;
    float alpha, beta;
    EXPECT(count == 4 && readable(args[0], &array) && writable(args[1], &out));
    EXPECT(number(args[2], &alpha) && number(args[3], &beta));
    EXPECT(out.count == array.columns && !overlap(&array, &out));
    column_sums(array.data, array.rows, array.columns, out.data, alpha, beta);
    DONE;
}

/* (array, out): the largest number of each row. */
PyObject *py_row_maxima(ARGUMENTS) {
    Floats array, out;
    EXPECT(count == 2 && readable(args[0], &array) && writable(args[1], &out));
    EXPECT(out.count == array.rows && array.count > 0 && !overlap(&array, &out));
    row_maxima(array.data, array.rows, array.columns, out.data);
    DONE;
}

/* (array) -> whether no number is NaN or infinite, as 1 or 0. */
PyObject *py_finite(ARGUMENTS) {
    Floats array;
    EXPECT(count == 1 && readable(args[0], &array));
    return PyLong_FromLong(finite(array.data, array.count));
}
