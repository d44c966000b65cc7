/* Builtins for images and labels. */
#include "calls.h"
#include "convolution.h"
#include "digits.h"
#include "sums.h"
#include "window.h"

/* No product of sizes leaves 32 bits unnoticed. */
enum { LARGEST_WINDOW = 4096, MOST_ROOM = 1 << 28 };

/* The window that fits images (B, height, width, C) at `positions` places in all; its size, stride
 * and padding are given. */
static bool read_window(PyObject *images, int positions, PyObject *const *sizes, Window *window,
                        int *batch) {
    Floats all;
    if (!readable(images, &all) || !whole(sizes[0], &window->size)) return false;
    if (!whole(sizes[1], &window->stride) || !whole(sizes[2], &window->padding)) return false;
    const PyArray *array = (const PyArray *)images;
    if (array->rank != 4 || window->size < 1 || window->stride < 1 || window->padding < 0)
        return false;
    if (window->size > LARGEST_WINDOW || window->padding > LARGEST_WINDOW) return false;
    *batch = array->shape[0];
    window->height = array->shape[1];
    window->width = array->shape[2];
    window->channels = array->shape[3];
    int tall = window->height + 2 * window->padding - window->size;
    int wide = window->width + 2 * window->padding - window->size;
    if (tall < 0 || wide < 0 || window->channels < 1) return false;
    window->rows = tall / window->stride + 1;
    window->columns = wide / window->stride + 1;
    return positions == (long long)*batch * window->rows * window->columns;
}

/* Whether the weights and the outputs z (or δ) are those of a convolution through the window. */
static bool fits(const Floats *weight, const Floats *z, const Window *window) {
    long long seen = (long long)window->size * window->size * window->channels;
    return weight->columns == seen && weight->rows == z->columns;
}

/* (x, weight, bias, z, a, formula, size, stride, padding, scratch): z ← the convolution of x + b,
 * then a ← formula(z) unless it is None. A number if `scratch` has to have as many. */
PyObject *py_convolve(ARGUMENTS) {
    Floats x, weight, bias, z, a, scratch;
    Window window;
    int batch;
    EXPECT(count == 10 && readable(args[0], &x) && readable(args[1], &weight));
    EXPECT(readable(args[2], &bias) && writable(args[3], &z) && writable(args[4], &a));
    EXPECT(read_window(args[0], z.rows, args + 6, &window, &batch) && fits(&weight, &z, &window));
    EXPECT(bias.count == weight.rows && a.count == z.count && writable(args[9], &scratch));
    EXPECT(!overlap(&x, &z) && !overlap(&weight, &z) && !overlap(&bias, &z) && !overlap(&z, &a));
    const Formula *formula = is_none(args[5]) ? 0 : read_formula(args[5], 1);
    EXPECT(is_none(args[5]) || (formula && formula->results == 1));
    const long long needed = room(window, weight.rows);
    EXPECT(needed < MOST_ROOM);
    if (scratch.count < needed) return PyLong_FromLong(needed);
    Convolution through =
        look_forward(window, weight.rows, weight.data, bias.data, scratch.data);
    const int image = x.count / batch, answer = z.count / batch;
    for (int b = 0; b < batch; b++) {
        look(&through, x.data + b * image, z.data + b * answer);
        Input input = {WHOLE, z.data + b * answer, 0};
        float *out = a.data + b * answer;
        if (formula) evaluate(formula, &input, answer, z.columns, &out);
    }
    DONE;
}

/* (x, weight, delta, dx, weights, alpha, beta, biases, bias_alpha, bias_beta, size, stride, padding,
 * scratch): as affine_backward, through the window. */
PyObject *py_convolve_backward(ARGUMENTS) {
    Floats x, weight, delta, dx = {}, weights, biases, scratch;
    float alpha, beta, bias_alpha, bias_beta;
    Window window;
    int batch;
    EXPECT(count == 14 && readable(args[0], &x) && readable(args[1], &weight));
    EXPECT(readable(args[2], &delta) && writable(args[4], &weights) && writable(args[7], &biases));
    EXPECT(number(args[5], &alpha) && number(args[6], &beta));
    EXPECT(number(args[8], &bias_alpha) && number(args[9], &bias_beta));
    EXPECT(read_window(args[0], delta.rows, args + 10, &window, &batch));
    EXPECT(fits(&weight, &delta, &window) && writable(args[13], &scratch));
    EXPECT(weights.rows == weight.rows && weights.columns == weight.columns);
    EXPECT(biases.count == delta.columns && !overlap(&weights, &biases));
    EXPECT(!overlap(&weights, &x) && !overlap(&weights, &delta) && !overlap(&biases, &delta));
    if (!is_none(args[3])) {
        EXPECT(writable(args[3], &dx) && dx.count == x.count && !overlap(&dx, &weight));
        EXPECT(!overlap(&dx, &delta) && !overlap(&dx, &x) && !overlap(&dx, &weights));
    }
    const long long needed = room(window, weight.rows);
    EXPECT(needed < MOST_ROOM);
    if (scratch.count < needed) return PyLong_FromLong(needed);
    Convolution through = look_backward(window, weight.rows, weight.data, scratch.data);
    const int image = x.count / batch, answer = delta.count / batch;
    for (int b = 0; b < batch; b++)
        look_back(&through, x.data + b * image, delta.data + b * answer,
                  dx.data ? dx.data + b * image : 0);
    put_gradient(&through, weights.data, alpha, beta);
    column_sums(delta.data, delta.rows, delta.columns, biases.data, bias_alpha, bias_beta);
    DONE;
}

/* (images, out, winner, size, stride, padding): winner may be None; then the mean is meant. */
PyObject *py_pool(ARGUMENTS) {
    Floats images, out, winner = {};
    Window window;
    int batch;
    EXPECT(count == 6 && readable(args[0], &images) && writable(args[1], &out));
    EXPECT(read_window(args[0], out.rows, args + 3, &window, &batch) && window.padding == 0);
    EXPECT(out.columns == window.channels && !overlap(&images, &out));
    if (!is_none(args[2])) {
        EXPECT(writable(args[2], &winner) && winner.count == out.count);
        EXPECT(!overlap(&winner, &images) && !overlap(&winner, &out));
    }
    pool(images.data, batch, window, out.data, winner.data);
    DONE;
}

/* (dout, winner, dimages, size, stride, padding) */
PyObject *py_pool_backward(ARGUMENTS) {
    Floats dout, winner = {}, dimages;
    Window window;
    int batch;
    EXPECT(count == 6 && readable(args[0], &dout) && writable(args[2], &dimages));
    EXPECT(read_window(args[2], dout.rows, args + 3, &window, &batch) && window.padding == 0);
    EXPECT(dout.columns == window.channels && !overlap(&dout, &dimages));
    if (!is_none(args[1])) {
        EXPECT(readable(args[1], &winner) && winner.count == dout.count);
        EXPECT(!overlap(&winner, &dimages));
    }
    pool_back(dout.data, winner.data, batch, window, dimages.data);
    DONE;
}

/* (images, rows, out): images are bytes, rows their numbers. */
PyObject *py_gather(ARGUMENTS) {
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
PyObject *py_one_hot(ARGUMENTS) {
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
PyObject *py_argmax(ARGUMENTS) {
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
PyObject *py_correct(ARGUMENTS) {
    Floats a, y;
    EXPECT(count == 2 && readable(args[0], &a) && readable(args[1], &y) && a.columns > 0);
    EXPECT(a.rows == y.rows && a.columns == y.columns);
    int correct = 0;
    for (int at = 0; at < a.count; at += a.columns)
        correct += largest(a.data + at, a.columns) == largest(y.data + at, a.columns);
    return PyLong_FromLong(correct);
}
