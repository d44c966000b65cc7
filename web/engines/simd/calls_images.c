/* Builtins for images and labels. */
#include "calls.h"
#include "digits.h"
#include "window.h"

enum { LARGEST_WINDOW = 4096 }; /* no product of sizes leaves 32 bits unnoticed */

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
    if (window->size > LARGEST_WINDOW || window->padding > LARGEST_WINDOW) return false;
    *batch = array->shape[0];
    window->height = array->shape[1];
    window->width = array->shape[2];
    window->channels = array->shape[3];
    int tall = window->height + 2 * window->padding - window->size;
    int wide = window->width + 2 * window->padding - window->size;
    if (tall < 0 || wide < 0) return false;
    window->rows = tall / window->stride + 1;
    window->columns = wide / window->stride + 1;
    long long positions = (long long)*batch * window->rows * window->columns;
    long long numbers = (long long)window->size * window->size * window->channels;
    return rows.count == positions * numbers;
}

/* (images, seen, size, stride, padding) */
PyObject *py_unfold(ARGUMENTS) {
    Floats images, seen;
    Window window;
    int batch;
    EXPECT(count == 5 && readable(args[0], &images) && writable(args[1], &seen));
    EXPECT(read_window(args[0], args[1], args + 2, &window, &batch));
    unfold(images.data, batch, window, seen.data);
    DONE;
}

/* (seen, images, size, stride, padding) */
PyObject *py_fold(ARGUMENTS) {
    Floats images, seen;
    Window window;
    int batch;
    EXPECT(count == 5 && readable(args[0], &seen) && writable(args[1], &images));
    EXPECT(read_window(args[1], args[0], args + 2, &window, &batch));
    fold(seen.data, batch, window, images.data);
    DONE;
}

/* (seen, out, winner): seen is (n, places, C); winner may be None, and then the mean is meant. */
PyObject *py_pool(ARGUMENTS) {
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
PyObject *py_pool_backward(ARGUMENTS) {
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
