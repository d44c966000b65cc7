/* What all builtins of the module have in common, and their names.
 *
 * Each checks its arguments first and returns None, having touched nothing, when they are not
 * arrays it can work on, or do not fit each other: the engine then lets numpy do the work, or
 * complain. Otherwise it returns True, or the number that was asked for.
 */
#pragma once
#include "arrays.h"
#include "formula.h"

#define ARGUMENTS PyObject *module, PyObject *const *args, int count
#define REFUSE return &_Py_NoneStruct
#define DONE return &_Py_TrueStruct
#define EXPECT(condition) if (!(condition)) REFUSE

static inline bool is_none(PyObject *object) { return object == &_Py_NoneStruct; }

/* A formula's code for so many inputs, or NULL. */
const Formula *read_formula(PyObject *object, int inputs);

PyObject *py_product(ARGUMENTS);
PyObject *py_affine(ARGUMENTS);
PyObject *py_affine_backward(ARGUMENTS);
PyObject *py_column_sums(ARGUMENTS);
PyObject *py_row_maxima(ARGUMENTS);
PyObject *py_finite(ARGUMENTS);
PyObject *py_map(ARGUMENTS);
PyObject *py_update(ARGUMENTS);
PyObject *py_total(ARGUMENTS);
PyObject *py_row_sums(ARGUMENTS);
PyObject *py_convolve(ARGUMENTS);
PyObject *py_convolve_backward(ARGUMENTS);
PyObject *py_pool(ARGUMENTS);
PyObject *py_pool_backward(ARGUMENTS);
PyObject *py_gather(ARGUMENTS);
PyObject *py_one_hot(ARGUMENTS);
PyObject *py_argmax(ARGUMENTS);
PyObject *py_correct(ARGUMENTS);
