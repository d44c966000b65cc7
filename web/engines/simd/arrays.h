/* Python's arguments as plain C: numpy's own header says where an array lies and what it is.
 *
 * Nothing is remembered between two calls. Every address is read anew and every size is checked,
 * so no call can meet an array that has moved or gone: the caller holds it while the call lasts.
 */
#pragma once
#include <stdbool.h>
#include "python.h"

/* A C-contiguous array of float32, seen as a matrix: its last axis across, all others down. */
typedef struct {
    float *data;
    int rows, columns, count;
} Floats;

/* Learn what numpy's array type is; without it, no argument is an array. */
void meet_numpy(PyObject *ndarray);

/* Whether the object is such an array; writable, for the second. */
bool readable(PyObject *object, Floats *array);
bool writable(PyObject *object, Floats *array);

/* Any C-contiguous array of integers (kind 'i') or bytes (kind 'u', one each); else NULL. */
const PyArray *integers(PyObject *object);
const PyArray *bytes(PyObject *object);
int elements(const PyArray *array);

/* Whether a Python number could be read. */
bool number(PyObject *object, float *value);
bool whole(PyObject *object, int *value);

/* Whether two arrays share memory. */
bool overlap(const Floats *a, const Floats *b);
