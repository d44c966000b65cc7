/* exp, log and tanh of four numbers. Polynomials and split constants as in the Cephes library
 * (Moshier 1989, single precision); errors are below two units in the last place. NaN stays NaN.
 */
#pragma once
#include "vector.h"

/* The bits of a float: sign, exponent (biased by 127) from bit 23, fraction. */
INLINE f4 power_of_two(i4 n) { return (f4)((n + 127) << 23); }

INLINE f4 exp4(f4 x) {
    const f4 highest = all(88.72284f), lowest = all(-87.33655f); /* beyond: infinity, zero */
    f4 y = choose(x > highest, highest, choose(x < lowest, lowest, x));
    f4 whole = __builtin_wasm_nearest_f32x4(y * 1.44269504f); /* y = whole ln 2 + rest */
    f4 rest = y - whole * 0.693359375f + whole * 2.12194440e-4f;
    f4 p = all(1.9875691500e-4f);
    p = p * rest + 1.3981999507e-3f;
    p = p * rest + 8.3334519073e-3f;
    p = p * rest + 4.1665795894e-2f;
    p = p * rest + 1.6666665459e-1f;
    p = p * rest + 5.0000001201e-1f;
    f4 power = p * rest * rest + rest + 1.0f;
    i4 n = __builtin_wasm_trunc_saturate_s_i32x4_f32x4(whole);
    f4 result = power * power_of_two(n - (n >> 1)) * power_of_two(n >> 1); /* 2¹²⁸ is none */
    result = choose(x < lowest, all(0), result);
    return choose(x > highest, all(__builtin_inff()), result);
}

INLINE f4 tanh4(f4 x) {
    f4 size = __builtin_wasm_abs_f32x4(x), square = x * x;
    f4 p = all(-5.70498872745e-3f);
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    f4 near = p * square * x + x;
    f4 far = 1.0f - 2.0f / (exp4(size + size) + 1.0f);
    far = choose(x < 0.0f, -far, far);
    return choose(size < 0.625f, near, far);
}

/* For numbers from the smallest normal one (1.2e-38) up; not for zero, infinity or below zero. */
INLINE f4 log4(f4 x) {
    i4 bits = (i4)x;
    f4 fraction = (f4)((bits & 0x007fffff) | 0x3f000000); /* ½ ≤ fraction < 1 */
    i4 low = fraction < 0.707106781f;
    f4 exponent = __builtin_convertvector((bits >> 23) - 126 + low, f4); /* true is −1 */
    f4 y = choose(low, fraction + fraction, fraction) - 1.0f;
    f4 square = y * y;
    f4 p = all(7.0376836292e-2f);
    p = p * y - 1.1514610310e-1f;
    p = p * y + 1.1676998740e-1f;
    p = p * y - 1.2420140846e-1f;
    p = p * y + 1.4249322787e-1f;
    p = p * y - 1.6668057665e-1f;
    p = p * y + 2.0000714765e-1f;
    p = p * y - 2.4999993993e-1f;
    p = p * y + 3.3333331174e-1f;
    f4 small = p * y * square - exponent * 2.12194440e-4f - 0.5f * square;
    return choose(x == x, y + small + exponent * 0.693359375f, x);
}
