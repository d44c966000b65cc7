/* Four floats at a time: WebAssembly's 128-bit vectors, with the few words the kernel needs.
 *
 * The file is compiled twice. With relaxed SIMD, `madd` is one instruction that rounds once where
 * the processor can (FMA); without, it is a product and a sum. Everything else is the same.
 */
#pragma once

#define INLINE static inline __attribute__((always_inline))

INLINE int least(int a, int b) { return a < b ? a : b; }

typedef float f4 __attribute__((vector_size(16)));
typedef int i4 __attribute__((vector_size(16)));
typedef f4 f4_anywhere __attribute__((aligned(4), may_alias)); /* arrays are aligned to a float */

INLINE f4 load(const float *p) { return *(const f4_anywhere *)p; }
INLINE void store(float *p, f4 v) { *(f4_anywhere *)p = v; }
INLINE f4 all(float x) { return (f4){x, x, x, x}; }

/* The first `n` (1 to 4) of four: the end of a row that is no multiple of four long. */
INLINE f4 load_some(const float *p, int n) {
    if (n >= 4) return load(p);
    return (f4){p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, 0};
}
INLINE void store_some(float *p, f4 v, int n) {
    if (n >= 4) {
        store(p, v);
        return;
    }
    p[0] = v[0];
    if (n > 1) p[1] = v[1];
    if (n > 2) p[2] = v[2];
}

INLINE float sum(f4 v) {
    f4 pairs = v + __builtin_shufflevector(v, v, 2, 3, 0, 1);
    return pairs[0] + pairs[1];
}

/* a b + c */
INLINE f4 madd(f4 a, f4 b, f4 c) {
#ifdef __wasm_relaxed_simd__
    return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
    return a * b + c;
#endif
}

/* Keeps the compiler from moving all additions of a loop to its end, which spills registers. */
#define PIN(v) __asm__ volatile("" : "+r"(v))

/* Where the mask (a comparison) holds, `yes`; elsewhere `no`. Comparisons with NaN never hold. */
INLINE f4 choose(i4 mask, f4 yes, f4 no) {
    return (f4)__builtin_wasm_bitselect((i4)yes, (i4)no, mask);
}
