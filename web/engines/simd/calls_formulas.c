/* Builtins that run formulas. */
#include "calls.h"
#include "formula.h"

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
const Formula *read_formula(PyObject *object, int inputs) {
    const PyArray *code = integers(object);
    if (!code || code->descr->itemsize != 4) return 0;
    const Formula *formula = (const Formula *)code->data;
    return sound(formula, elements(code), inputs) ? formula : 0;
}

/* (formula, out, *inputs) */
PyObject *py_map(ARGUMENTS) {
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
PyObject *py_update(ARGUMENTS) {
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
PyObject *py_total(ARGUMENTS) {
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
PyObject *py_row_sums(ARGUMENTS) {
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
