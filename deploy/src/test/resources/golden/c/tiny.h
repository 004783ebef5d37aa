/* tiny: made by SlimQuant from an integer model.
 *
 * input   images [4, 4, 1] int8 * 2^-4
 * output  logits [3] int8 * 2^-1
 *
 * A code c of exponent e stands for the number c * 2^e; the code of a number x is
 * floor(x / 2^e + 0.5), clamped to what the bits hold.
 *
 * constants  280 bytes (42 of them kernels)
 * arena      72 bytes of RAM, which would be 72 if tensors shared no memory
 *
 * Compiler and linker decide where constants lie: in flash on most microcontrollers, in RAM on some.
 * tiny.c has macros that put constants and arena elsewhere.
 *
 * C99 or C++, integers only, nothing but <limits.h>, <stdint.h> and <string.h>, nothing allocated. */

#ifndef TINY_SLIMQUANT_H
#define TINY_SLIMQUANT_H

#include <limits.h>
#include <stdint.h>

#if CHAR_BIT != 8
#error "bytes must have 8 bits, but CHAR_BIT is not 8; tiny cannot run on this processor"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Tells tiny.c that this header was written with it. */
#define TINY_HEADER 0xa9bb18d8L

#define TINY_INPUT_SIZE 16
#define TINY_INPUT_RANK 3
#define TINY_INPUT_SHAPE {4, 4, 1}
#define TINY_INPUT_BITS 8
#define TINY_INPUT_SIGNED 1
#define TINY_INPUT_EXPONENT (-4)
#define TINY_INPUT_MIN (-127)
#define TINY_INPUT_MAX 127

#define TINY_OUTPUT_SIZE 3
#define TINY_OUTPUT_RANK 1
#define TINY_OUTPUT_SHAPE {3}
#define TINY_OUTPUT_BITS 8
#define TINY_OUTPUT_SIGNED 1
#define TINY_OUTPUT_EXPONENT (-1)
#define TINY_OUTPUT_MIN (-127)
#define TINY_OUTPUT_MAX 127

/* The elements of the arena. */
#define TINY_ARENA_LENGTH 72

/* Computes the output for one input. Both are arrays of the sizes above, the last axis fastest,
 * that must not overlap. Has the arena in a static variable, so that only one call may be under
 * way; TINY_NO_STATIC_ARENA, defined when the source is compiled, leaves function and
 * variable out. */
void tiny_run(const int8_t *input, int8_t *output);

/* The same in an arena of the caller's, of TINY_ARENA_LENGTH elements, whose content before and
 * after is of no meaning. */
void tiny_run_in(int8_t *arena, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
