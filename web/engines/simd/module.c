/* The kernel as a Python module: one builtin for each operation of the engine's protocol
 * (glassnet/engines/base.py), called by glassnet_bridge/simd.py.
 */
#include "calls.h"

/* (numpy.ndarray): to be called first. */
static PyObject *py_meet(ARGUMENTS) {
    EXPECT(count == 1);
    meet_numpy(args[0]);
    DONE;
}

#define BUILTIN(name) {#name, py_##name, METH_FASTCALL, 0}

static PyMethodDef methods[] = {
    BUILTIN(meet),
    BUILTIN(product),
    BUILTIN(affine),
    BUILTIN(affine_backward),
    BUILTIN(column_sums),
    BUILTIN(row_maxima),
    BUILTIN(finite),
    BUILTIN(map),
    BUILTIN(update),
    BUILTIN(total),
    BUILTIN(row_sums),
    BUILTIN(convolve),
    BUILTIN(convolve_backward),
    BUILTIN(pool),
    BUILTIN(pool_backward),
    BUILTIN(gather),
    BUILTIN(one_hot),
    BUILTIN(argmax),
    BUILTIN(correct),
    {0},
};

static PyModuleDef definition = {.head = {1, 0}, .name = "kernel", .methods = methods};

__attribute__((visibility("default"))) PyObject *PyInit_kernel(void) {
    return PyModuleDef_Init(&definition);
}
