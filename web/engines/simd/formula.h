#pragma once
#include <stdbool.h>

/* A formula as a list of instructions, as simd_formula.py writes it; all are 32-bit integers.
 *
 * Each number has a slot: first the inputs, then the constants, then what instructions compute.
 */
typedef struct {
    int inputs, constants, instructions, results;
    int rest[]; /* the constants' bits; four integers an instruction; the results' slots */
} Formula;

typedef struct {
    int operation, a, b, c; /* what is done with the numbers in which slots */
} Instruction;

/* How an input stretches over the output, (rows, columns):
 * as large as it; one row for all rows; one column for all columns; one number. */
typedef enum { WHOLE, ROW, COLUMN, NUMBER } Spread;

typedef struct {
    Spread spread;
    const float *data;
    float number;
} Input;

enum { MOST_INPUTS = 12, MOST_SLOTS = 48 };

/* Whether the integers, `size` of them, are a formula that stays within its own slots. */
bool sound(const Formula *formula, int size, int inputs);

/* Each result, number by number, goes to its output; an input may be an output as well. */
void evaluate(const Formula *formula, const Input *inputs, int count, int columns, float **outputs);

/* The first result summed: over everything, or along each row. */
double evaluate_total(const Formula *formula, const Input *inputs, int count, int columns);
void evaluate_row_sums(const Formula *formula, const Input *inputs, int count, int columns,
                       float *out);
