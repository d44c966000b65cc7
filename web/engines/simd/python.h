/* The part of CPython's and numpy's binary interface that the kernel uses, as it lies in wasm32.
 *
 * Pyodide does not come with headers, and these few have not changed for years: CPython 3.14,
 * Include/object.h, methodobject.h, moduleobject.h; numpy 2, numpy/ndarraytypes.h. That they fit
 * is checked when the engine starts (see simd.py).
 */
#pragma once

typedef struct PyType PyType;
typedef struct {
    int references;
    PyType *type;
} PyObject;

typedef struct {
    const char *name;
    PyObject *(*function)(PyObject *module, PyObject *const *arguments, int count);
    int flags;
    const char *doc;
} PyMethodDef;

enum { METH_FASTCALL = 0x80 };

typedef struct {
    PyObject head;
    void *init;
    int index;
    PyObject *copy;
    const char *name, *doc;
    int size;
    PyMethodDef *methods;
    void *slots, *traverse, *clear, *free;
} PyModuleDef;

PyObject *PyModuleDef_Init(PyModuleDef *definition);
PyObject *PyFloat_FromDouble(double value);
PyObject *PyLong_FromLong(long value);
double PyFloat_AsDouble(PyObject *object);
long PyLong_AsLong(PyObject *object);
PyObject *PyErr_Occurred(void);
void PyErr_Clear(void);
extern PyObject _Py_NoneStruct, _Py_TrueStruct; /* immortal: their references need no counting */

/* numpy's array, and the description of its elements. */
typedef struct {
    PyObject head;
    PyType *scalar;
    char kind, letter, byteorder, former_flags;
    int number;
    unsigned long long flags;
    int itemsize, alignment;
} PyDescr;

typedef struct {
    PyObject head;
    char *data;
    int rank;
    int *shape, *strides;
    PyObject *base;
    PyDescr *descr;
    int flags;
} PyArray;

enum { NUMPY_FLOAT = 11 };
enum { ARRAY_C_CONTIGUOUS = 1, ARRAY_ALIGNED = 0x100, ARRAY_WRITEABLE = 0x400 };
