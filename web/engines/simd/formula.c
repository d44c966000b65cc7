/* Formulas that the network's Python wrote down (activations, losses, optimisers), run a block of
 * numbers at a time: each instruction goes through the whole block, four numbers at once, before
 * the next one begins. So the choice of the operation costs next to nothing, and what is between
 * two instructions stays in the processor's nearest cache.
 */
#include "formula.h"
#include "elementary.h"

enum { BLOCK = 256 }; /* floats */

typedef enum {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM,
    LESS, LESS_EQUAL, EQUAL, NOT_EQUAL,
    NEGATIVE, ABSOLUTE, SIGN, SQRT, EXP, LOG, LOG1P, TANH,
    WHERE,
} Operation;

/* Where a slot's numbers are: `step` 1 if each has its own, 0 if all share one. */
typedef struct {
    const float *data;
    int step;
} Slot;

static float computed[MOST_SLOTS][BLOCK] __attribute__((aligned(16)));

static const Instruction *instructions_of(const Formula *formula) {
    return (const Instruction *)(formula->rest + formula->constants);
}

static const int *results_of(const Formula *formula) {
    return (const int *)(instructions_of(formula) + formula->instructions);
}

bool sound(const Formula *formula, int size, int inputs) {
    const int header = sizeof(Formula) / sizeof(int), each = sizeof(Instruction) / sizeof(int);
    if (size < header || formula->inputs != inputs || formula->results < 1) return false;
    if (inputs > MOST_INPUTS || formula->results > MOST_INPUTS) return false;
    if ((unsigned)formula->constants > MOST_SLOTS) return false;
    if ((unsigned)formula->instructions > MOST_SLOTS) return false;
    int slots = inputs + formula->constants, end = slots + formula->instructions;
    if (end > MOST_SLOTS) return false;
    if (size != header + formula->constants + formula->instructions * each + formula->results)
        return false;
    const Instruction *it = instructions_of(formula);
    for (; slots < end; slots++, it++)
        if (it->a < 0 || it->b < 0 || it->c < 0 || it->a >= slots || it->b >= slots || it->c >= slots)
            return false;
    for (int i = 0; i < formula->results; i++)
        if (results_of(formula)[i] < 0 || results_of(formula)[i] >= end) return false;
    return true;
}

INLINE f4 truth(i4 mask) { return (f4)(mask & (i4)all(1)); }

INLINE f4 sign4(f4 x) {
    f4 sign = truth(x > 0.0f) - truth(x < 0.0f);
    return choose(x == x, sign, x);
}

/* log as numpy has it, at the ends of its range, too. */
INLINE f4 log4_everywhere(f4 x) {
    const f4 infinity = all(__builtin_inff()), none = all(__builtin_nanf(""));
    f4 scaled = choose(x < 1.17549435e-38f, x * 16777216.0f, x); /* subnormal numbers, by 2²⁴ */
    f4 y = log4(scaled);
    y = choose(x < 1.17549435e-38f, y - 16.6355323334f, y);
    y = choose(x == 0.0f, -infinity, choose(x < 0.0f, none, y));
    return choose(x == infinity, infinity, y);
}

/* log(1 + x): what rounding 1 + x loses is put back (Higham 2002, problem 1.5). */
INLINE f4 log1p4(f4 x) {
    f4 u = 1.0f + x;
    f4 y = log4_everywhere(u) * (x / (u - 1.0f));
    return choose(u == 1.0f, x, choose(u == all(__builtin_inff()), u, y));
}

#define EACH(OPERATION, unrolled, value)                                             \
    case OPERATION:                                                                  \
        _Pragma(unrolled) for (int i = 0; i < vectors; i++) {                        \
            f4 x = load(a.data + 4 * i * a.step), y = load(b.data + 4 * i * b.step); \
            (void)y;                                                                 \
            store(out + 4 * i, value);                                               \
        }                                                                            \
        break
#define QUICK "clang loop unroll_count(4)"
#define SLOW "clang loop unroll(disable)"

static void run(Operation operation, int vectors, float *out, Slot a, Slot b, Slot c) {
    switch (operation) {
        EACH(ADD, QUICK, x + y);
        EACH(SUBTRACT, QUICK, x - y);
        EACH(MULTIPLY, QUICK, x * y);
        EACH(DIVIDE, QUICK, x / y);
        EACH(MAXIMUM, QUICK, __builtin_wasm_max_f32x4(x, y));
        EACH(MINIMUM, QUICK, __builtin_wasm_min_f32x4(x, y));
        EACH(LESS, QUICK, truth(x < y));
        EACH(LESS_EQUAL, QUICK, truth(x <= y));
        EACH(EQUAL, QUICK, truth(x == y));
        EACH(NOT_EQUAL, QUICK, truth(x != y));
        EACH(NEGATIVE, QUICK, -x);
        EACH(ABSOLUTE, QUICK, __builtin_wasm_abs_f32x4(x));
        EACH(SIGN, SLOW, sign4(x));
        EACH(SQRT, QUICK, __builtin_wasm_sqrt_f32x4(x));
        EACH(EXP, SLOW, exp4(x));
        EACH(LOG, SLOW, log4_everywhere(x));
        EACH(LOG1P, SLOW, log1p4(x));
        EACH(TANH, SLOW, tanh4(x));
        EACH(WHERE, QUICK, choose(x != 0.0f, y, load(c.data + 4 * i * c.step)));
    }
}

static void copy(float *to, const float *from, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) store(to + i, load(from + i));
    if (i < count) store_some(to + i, load_some(from + i, count - i), count - i);
}

/* Numbers `at` to `at + count` of the output: where each input's are. */
static void place_inputs(const Input *inputs, int number, int at, int count, int columns,
                         Slot *slots) {
    for (int i = 0; i < number; i++) {
        const Input *input = inputs + i;
        float *staged = computed[i];
        if (input->spread == NUMBER) continue;
        if (input->spread == WHOLE && count % 4 == 0) {
            slots[i] = (Slot){input->data + at, 1};
            continue;
        }
        slots[i] = (Slot){staged, 1};
        if (input->spread == WHOLE) {
            copy(staged, input->data + at, count);
            continue;
        }
        int row = at / columns, column = at % columns;
        for (int k = 0; k < count; k++) {
            staged[k] = input->data[input->spread == ROW ? column : row];
            if (++column == columns) column = 0, row++;
        }
    }
}

static void place_numbers(const Formula *formula, const Input *inputs, Slot *slots) {
    for (int i = 0; i < formula->inputs + formula->constants; i++) {
        if (i < formula->inputs && inputs[i].spread != NUMBER) continue;
        const float *constants = (const float *)formula->rest - formula->inputs;
        store(computed[i], all(i < formula->inputs ? inputs[i].number : constants[i]));
        slots[i] = (Slot){computed[i], 0};
    }
    for (int i = formula->inputs + formula->constants; i < MOST_SLOTS; i++)
        slots[i] = (Slot){computed[i], 1};
}

/* Run the formula on one block; if `direct`, the last instruction writes there. */
static void run_block(const Formula *formula, int count, Slot *slots, float *direct) {
    const Instruction *it = instructions_of(formula), *end = it + formula->instructions;
    int slot = formula->inputs + formula->constants;
    for (; it < end; it++, slot++) {
        float *out = direct && it + 1 == end ? direct : computed[slot];
        run(it->operation, (count + 3) / 4, out, slots[it->a], slots[it->b], slots[it->c]);
    }
}

void evaluate(const Formula *formula, const Input *inputs, int count, int columns,
              float **outputs) {
    Slot slots[MOST_SLOTS];
    const int *results = results_of(formula);
    int end = formula->inputs + formula->constants + formula->instructions;
    place_numbers(formula, inputs, slots);
    /* A single result that is computed last need not be copied. */
    bool last = formula->instructions > 0 && formula->results == 1 && results[0] == end - 1;
    for (int at = 0; at < count; at += BLOCK) {
        int n = least(BLOCK, count - at);
        bool direct = last && n % 4 == 0;
        place_inputs(inputs, formula->inputs, at, n, columns, slots);
        run_block(formula, n, slots, direct ? outputs[0] + at : 0);
        for (int i = 0; i < formula->results && !direct; i++) {
            Slot from = slots[results[i]];
            if (from.step == 0)
                for (int k = 0; k < n; k++) outputs[i][at + k] = from.data[0];
            else
                copy(outputs[i] + at, from.data, n);
        }
    }
}

/* Calls for each block with its result's numbers; `step` as in Slot. */
#define EACH_BLOCK(n, at)                                                    \
    Slot slots[MOST_SLOTS];                                                  \
    place_numbers(formula, inputs, slots);                                   \
    for (int at = 0, n; n = least(BLOCK, count - at), at < count; at += BLOCK)

double evaluate_total(const Formula *formula, const Input *inputs, int count, int columns) {
    double total = 0;
    EACH_BLOCK(n, at) {
        place_inputs(inputs, formula->inputs, at, n, columns, slots);
        run_block(formula, n, slots, 0);
        Slot from = slots[results_of(formula)[0]];
        f4 sums = all(0);
        int i = 0;
        for (; i + 4 <= n; i += 4) sums += load(from.data + i * from.step);
        if (i < n) sums += load_some(from.data + i * from.step, n - i);
        total += sum(sums);
    }
    return total;
}

void evaluate_row_sums(const Formula *formula, const Input *inputs, int count, int columns,
                       float *out) {
    for (int row = 0; row < count / columns; row++) out[row] = 0;
    EACH_BLOCK(n, at) {
        place_inputs(inputs, formula->inputs, at, n, columns, slots);
        run_block(formula, n, slots, 0);
        Slot from = slots[results_of(formula)[0]];
        int row = at / columns, column = at % columns;
        for (int i = 0; i < n; i++) {
            out[row] += from.data[i * from.step];
            if (++column == columns) column = 0, row++;
        }
    }
}
