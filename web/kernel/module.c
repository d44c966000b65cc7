/* The kernel as a Python module: `glassnet_bridge.kernel`'s builtins, each one operation of the
 * engine's protocol (glassnet/engines/base.py).
 *
 * Each checks its arguments first and returns None, having touched nothing, when they are not
 * arrays it can work on, or do not fit each other: the engine then lets numpy do the work, or
 * complain. Otherwise it returns True, or the number that was asked for.
 */
#include "arrays.h"
#include "digits.h"
#include "formula.h"
#include "product.h"
#include "sums.h"
#include "window.h"

#define REFUSE return &_Py_NoneStruct
#define DONE return &_Py_TrueStruct
#define EXPECT(condition) if (!(condition)) REFUSE
#define ARGUMENTS PyObject *module, PyObject *const *args, int count

static bool is_none(PyObject *object) { return object == &_Py_NoneStruct; }

static Target into(const Floats *m, float alpha, float beta) {
    return (Target){m->data, m->columns, alpha, beta, 0};
}
static Operand as_it_is(const Floats *m) { return (Operand){m->data, m->columns, 1}; }
static Operand transposed(const Floats *m) { return (Operand){m->data, 1, m->columns}; }

/* (a, b, out, transpose_a, transpose_b, alpha, beta) */
static PyObject *py_product(ARGUMENTS) {
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

/* Inputs of a formula whose output is (rows, columns). A number may take the place of an array. */
static bool read_inputs(PyObject *const *args, int count, int rows, int columns, Input *inputs) {
    if (count > MOST_INPUTS) return false;
    for (int i = 0; i < count; i++) {
        Floats array;
        if (!readable(args[i], &array)) {
            inputs[i].spread = NUMBER;
            if (!number(args[i], &inputs[i].number)) return false;
            continue;
        }
        inputs[i].data = array.data;
        if (array.rows == rows && array.columns == columns) inputs[i].spread = WHOLE;
        else if (array.rows == 1 && array.columns == columns) inputs[i].spread = ROW;
        else if (array.rows == rows && array.columns == 1) inputs[i].spread = COLUMN;
        else return false;
    }
    return true;
}

/* Whether writing to `out`, number by number, leaves every input as it has still to be read. */
static bool apart(const Floats *out, PyObject *const *args, int count) {
    for (int i = 0; i < count; i++) {
        Floats in;
        if (!readable(args[i], &in) || !overlap(out, &in)) continue;
        if (in.data != out->data || in.count != out->count) return false;
    }
    return true;
}

/* A formula's code for so many inputs, or NULL. */
static const Formula *read_formula(PyObject *object, int inputs) {
    const PyArray *code = integers(object);
    if (!code || code->descr->itemsize != 4) return 0;
    const Formula *formula = (const Formula *)code->data;
    return sound(formula, elements(code), inputs) ? formula : 0;
}

/* (formula, out, *inputs) */
static PyObject *py_map(ARGUMENTS) {
    Floats out;
    Input inputs[MOST_INPUTS];
    EXPECT(count >= 2 && writable(args[1], &out));
    const Formula *formula = read_formula(args[0], count - 2);
    EXPECT(formula && formula->results == 1);
    EXPECT(read_inputs(args + 2, count - 2, out.rows, out.columns, inputs));
    EXPECT(apart(&out, args + 2, count - 2));
    evaluate(formula, inputs, out.count, out.columns, &out.data);
    DONE;
}

/* (formula, *inputs): the first inputs become the results. */
static PyObject *py_update(ARGUMENTS) {
    Input inputs[MOST_INPUTS];
    float *outputs[MOST_INPUTS];
    Floats out = {};
    EXPECT(count >= 2);
    const Formula *formula = read_formula(args[0], count - 1);
    EXPECT(formula && formula->results < count);
    for (int i = formula->results - 1; i >= 0; i--) {
        EXPECT(writable(args[1 + i], &out) && apart(&out, args + 1, count - 1));
        outputs[i] = out.data;
    }
    EXPECT(read_inputs(args + 1, count - 1, out.rows, out.columns, inputs));
    for (int i = 0; i < formula->results; i++) EXPECT(inputs[i].spread == WHOLE);
    evaluate(formula, inputs, out.count, out.columns, outputs);
    DONE;
}

/* (formula, *inputs) -> the sum over all numbers; the largest input has as many. */
static PyObject *py_total(ARGUMENTS) {
    Floats most = {}, in;
    Input inputs[MOST_INPUTS];
    EXPECT(count >= 2);
    for (int i = 1; i < count; i++)
        if (readable(args[i], &in) && in.count > most.count) most = in;
    const Formula *formula = read_formula(args[0], count - 1);
    EXPECT(formula && read_inputs(args + 1, count - 1, most.rows, most.columns, inputs));
    return PyFloat_FromDouble(evaluate_total(formula, inputs, most.count, most.columns));
}

/* (formula, out, *inputs): the sums along the rows of the first input. */
static PyObject *py_row_sums(ARGUMENTS) {
    Floats out, first, in;
    Input inputs[MOST_INPUTS];
    EXPECT(count >= 3 && writable(args[1], &out) && readable(args[2], &first));
    const Formula *formula = read_formula(args[0], count - 2);
    EXPECT(formula && out.count == first.rows && first.columns > 0);
    EXPECT(read_inputs(args + 2, count - 2, first.rows, first.columns, inputs));
    for (int i = 2; i < count; i++) EXPECT(!readable(args[i], &in) || !overlap(&in, &out));
    evaluate_row_sums(formula, inputs, first.count, first.columns, out.data);
    DONE;
}

/* (array, out): the largest number of each row. */
static PyObject *py_row_maxima(ARGUMENTS) {
    Floats array, out;
    EXPECT(count == 2 && readable(args[0], &array) && writable(args[1], &out));
    EXPECT(out.count == array.rows && array.count > 0 && !overlap(&array, &out));
    row_maxima(array.data, array.rows, array.columns, out.data);
    DONE;
}

/* (array, out, alpha, beta) */
static PyObject *py_column_sums(ARGUMENTS) {
    Floats array, out;
    float alpha, beta;
    EXPECT(count == 4 && readable(args[0], &array) && writable(args[1], &out));
    EXPECT(number(args[2], &alpha) && number(args[3], &beta));
    EXPECT(out.count == array.columns && !overlap(&array, &out));
    column_sums(array.data, array.rows, array.columns, out.data, alpha, beta);
    DONE;
}

/* (array) -> whether no number is NaN or infinite, as 1 or 0. */
static PyObject *py_finite(ARGUMENTS) {
    Floats array;
    EXPECT(count == 1 && readable(args[0], &array));
    return PyLong_FromLong(finite(array.data, array.count));
}

/* (x, weight, bias, z, a, formula): z ← x Wᵀ + b, then a ← formula(z) unless it is None. */
static PyObject *py_affine(ARGUMENTS) {
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
static PyObject *py_affine_backward(ARGUMENTS) {
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

/* The window that fits images (B, height, width, C) and what it sees of them; its size, stride and
 * padding are given. */
static bool read_window(PyObject *images, PyObject *seen, PyObject *const *sizes, Window *window,
                        int *batch) {
    Floats all, rows;
    if (!readable(images, &all) || !readable(seen, &rows) || overlap(&all, &rows)) return false;
    if (!whole(sizes[0], &window->size) || !whole(sizes[1], &window->stride)) return false;
    if (!whole(sizes[2], &window->padding)) return false;
    const PyArray *array = (const PyArray *)images;
    if (array->rank != 4 || window->size < 1 || window->stride < 1 || window->padding < 0)
        return false;
    *batch = array->shape[0];
    window->height = array->shape[1];
    window->width = array->shape[2];
    window->channels = array->shape[3];
    int tall = window->height + 2 * window->padding - window->size;
    int wide = window->width + 2 * window->padding - window->size;
    if (tall < 0 || wide < 0) return false;
    window->rows = tall / window->stride + 1;
    window->columns = wide / window->stride + 1;
    return rows.count == *batch * window->rows * window->columns * window->size * window->size *
                             window->channels;
}

/* (images, seen, size, stride, padding) */
static PyObject *py_unfold(ARGUMENTS) {
    Floats images, seen;
    Window window;
    int batch;
    EXPECT(count == 5 && readable(args[0], &images) && writable(args[1], &seen));
    EXPECT(read_window(args[0], args[1], args + 2, &window, &batch));
    unfold(images.data, batch, window, seen.data);
    DONE;
}

/* (seen, images, size, stride, padding) */
static PyObject *py_fold(ARGUMENTS) {
    Floats images, seen;
    Window window;
    int batch;
    EXPECT(count == 5 && readable(args[0], &seen) && writable(args[1], &images));
    EXPECT(read_window(args[1], args[0], args + 2, &window, &batch));
    fold(seen.data, batch, window, images.data);
    DONE;
}

/* (seen, out, winner): seen is (n, places, C); winner may be None, and then the mean is meant. */
static PyObject *py_pool(ARGUMENTS) {
    Floats seen, out, winner = {};
    EXPECT(count == 3 && readable(args[0], &seen) && writable(args[1], &out));
    const PyArray *array = (const PyArray *)args[0];
    EXPECT(array->rank == 3 && array->shape[1] > 0 && !overlap(&seen, &out));
    EXPECT(out.rows == array->shape[0] && out.columns == seen.columns);
    if (!is_none(args[2])) {
        EXPECT(writable(args[2], &winner) && winner.count == out.count);
        EXPECT(!overlap(&winner, &seen) && !overlap(&winner, &out));
    }
    pool(seen.data, out.rows, array->shape[1], seen.columns, out.data, winner.data);
    DONE;
}

/* (dout, winner, dseen) */
static PyObject *py_pool_backward(ARGUMENTS) {
    Floats dout, winner = {}, dseen;
    EXPECT(count == 3 && readable(args[0], &dout) && writable(args[2], &dseen));
    const PyArray *array = (const PyArray *)args[2];
    EXPECT(array->rank == 3 && array->shape[1] > 0 && !overlap(&dout, &dseen));
    EXPECT(dout.rows == array->shape[0] && dout.columns == dseen.columns);
    if (!is_none(args[1])) {
        EXPECT(readable(args[1], &winner) && winner.count == dout.count);
        EXPECT(!overlap(&winner, &dseen));
    }
    pool_back(dout.data, winner.data, dout.rows, array->shape[1], dseen.columns, dseen.data);
    DONE;
}

/* (images, rows, out): images are bytes, rows their numbers. */
static PyObject *py_gather(ARGUMENTS) {
    Floats out;
    EXPECT(count == 3 && writable(args[2], &out));
    const PyArray *images = bytes(args[0]), *rows = integers(args[1]);
    EXPECT(images && rows && images->rank > 0 && images->shape[0] > 0);
    int batch = elements(rows), pixels = elements(images) / images->shape[0];
    EXPECT(out.count == batch * pixels);
    const int *first = (const int *)rows->data, step = rows->descr->itemsize / 4;
    for (int e = 0; e < batch; e++) { /* little-endian: of eight bytes, the upper four are zero */
        const int *row = first + e * step;
        EXPECT((unsigned)row[0] < (unsigned)images->shape[0] && (step == 1 || row[1] == 0));
    }
    gather((const unsigned char *)images->data, pixels, first, step, batch, out.data);
    DONE;
}

/* (labels, out) */
static PyObject *py_one_hot(ARGUMENTS) {
    Floats out;
    EXPECT(count == 2 && writable(args[1], &out));
    const PyArray *labels = bytes(args[0]);
    EXPECT(labels && elements(labels) == out.rows);
    const unsigned char *label = (const unsigned char *)labels->data;
    for (int e = 0; e < out.rows; e++) EXPECT(label[e] < out.columns);
    one_hot(label, out.rows, out.columns, out.data);
    DONE;
}

/* (a, out): the column of each row's largest number, into integers. */
static PyObject *py_argmax(ARGUMENTS) {
    Floats a;
    EXPECT(count == 2 && readable(args[0], &a) && a.columns > 0);
    const PyArray *out = integers(args[1]);
    EXPECT(out && (out->flags & ARRAY_WRITEABLE) && elements(out) == a.rows);
    EXPECT(out->descr->itemsize == 4);
    for (int row = 0; row < a.rows; row++)
        ((int *)out->data)[row] = largest(a.data + row * a.columns, a.columns);
    DONE;
}

/* (a, y) -> how many rows have their largest number in the same column. */
static PyObject *py_correct(ARGUMENTS) {
    Floats a, y;
    EXPECT(count == 2 && readable(args[0], &a) && readable(args[1], &y) && a.columns > 0);
    EXPECT(a.rows == y.rows && a.columns == y.columns);
    int correct = 0;
    for (int at = 0; at < a.count; at += a.columns)
        correct += largest(a.data + at, a.columns) == largest(y.data + at, a.columns);
    return PyLong_FromLong(correct);
}

/* (numpy.ndarray): to be called first. */
static PyObject *py_meet(ARGUMENTS) {
    EXPECT(count == 1);
    meet_numpy(args[0]);
    DONE;
}

static PyMethodDef methods[] = {
    {"meet", py_meet, METH_FASTCALL, 0},
    {"product", py_product, METH_FASTCALL, 0},
    {"map", py_map, METH_FASTCALL, 0},
    {"update", py_update, METH_FASTCALL, 0},
    {"total", py_total, METH_FASTCALL, 0},
    {"row_sums", py_row_sums, METH_FASTCALL, 0},
    {"row_maxima", py_row_maxima, METH_FASTCALL, 0},
    {"column_sums", py_column_sums, METH_FASTCALL, 0},
    {"finite", py_finite, METH_FASTCALL, 0},
    {"affine", py_affine, METH_FASTCALL, 0},
    {"affine_backward", py_affine_backward, METH_FASTCALL, 0},
    {"unfold", py_unfold, METH_FASTCALL, 0},
    {"fold", py_fold, METH_FASTCALL, 0},
    {"pool", py_pool, METH_FASTCALL, 0},
    {"pool_backward", py_pool_backward, METH_FASTCALL, 0},
    {"gather", py_gather, METH_FASTCALL, 0},
    {"one_hot", py_one_hot, METH_FASTCALL, 0},
    {"correct", py_correct, METH_FASTCALL, 0},
    {"argmax", py_argmax, METH_FASTCALL, 0},
    {0},
};

static PyModuleDef definition = {.head = {1, 0}, .name = "kernel", .methods = methods};

__attribute__((visibility("default"))) PyObject *PyInit_kernel(void) {
    return PyModuleDef_Init(&definition);
}
