#include "arrays.h"

static PyObject *array_type;

void meet_numpy(PyObject *ndarray) { array_type = ndarray; }

static const PyArray *plain_array(PyObject *object, int flags) {
    const PyArray *array = (const PyArray *)object;
    flags |= ARRAY_C_CONTIGUOUS | ARRAY_ALIGNED;
    bool plain = (PyObject *)object->type == array_type && (array->flags & flags) == flags;
    return plain ? array : 0;
}

int elements(const PyArray *array) {
    int count = 1;
    for (int axis = 0; axis < array->rank; axis++) count *= array->shape[axis];
    return count;
}

static bool floats(PyObject *object, Floats *out, int flags) {
    const PyArray *array = plain_array(object, flags);
    if (!array || array->descr->number != NUMPY_FLOAT || array->descr->byteorder != '=') return false;
    out->data = (float *)array->data;
    out->count = elements(array);
    out->columns = array->rank ? array->shape[array->rank - 1] : 1;
    out->rows = out->columns ? out->count / out->columns : 0;
    return true;
}

bool readable(PyObject *object, Floats *array) { return floats(object, array, 0); }
bool writable(PyObject *object, Floats *array) { return floats(object, array, ARRAY_WRITEABLE); }

const PyArray *integers(PyObject *object) {
    const PyArray *array = plain_array(object, 0);
    bool fits = array && array->descr->kind == 'i' && array->descr->byteorder == '=' &&
                (array->descr->itemsize == 4 || array->descr->itemsize == 8);
    return fits ? array : 0;
}

const PyArray *bytes(PyObject *object) {
    const PyArray *array = plain_array(object, 0);
    return array && array->descr->kind == 'u' && array->descr->itemsize == 1 ? array : 0;
}

bool number(PyObject *object, float *value) {
    double read = PyFloat_AsDouble(object);
    if (read == -1 && PyErr_Occurred()) return PyErr_Clear(), false;
    *value = (float)read;
    return true;
}

bool whole(PyObject *object, int *value) {
    long read = PyLong_AsLong(object);
    if (read == -1 && PyErr_Occurred()) return PyErr_Clear(), false;
    *value = read;
    return true;
}

bool overlap(const Floats *a, const Floats *b) {
    return a->data < b->data + b->count && b->data < a->data + a->count;
}
