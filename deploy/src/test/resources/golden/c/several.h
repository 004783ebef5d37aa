/* several: made by SlimQuant from an integer model.
 *
 * input_1   left [2, 3, 1] int8 * 2^-4
 * input_2   right/image:0 [2, 3, 1] uint16 * 2^-9
 * output_1  rows [1, 6] uint16 * 2^-9
 * output_2  left [2, 3, 1] int8 * 2^-4
 * output_3  last [2, 3, 1] int8 * 2^-4
 * output_4  sum [2, 3, 1] uint16 * 2^-9
 * output_5  flat [6] int8 * 2^-4
 *
 * A code c of exponent e stands for the number c * 2^e; the code of a number x is
 * floor(x / 2^e + 0.5), clamped to what the bits hold.
 *
 * constants  80 bytes (4 of them kernels)
 * arena      64 bytes of RAM, which would be 64 if tensors shared no memory
 *
 * Compiler and linker decide where constants lie: in flash on most microcontrollers, in RAM on some.
 * several.c has macros that put constants and arena elsewhere.
 *
 * C99 or C++, integers only, nothing but <limits.h>, <stdint.h> and <string.h>, nothing allocated. */

#ifndef SEVERAL_SLIMQUANT_H
#define SEVERAL_SLIMQUANT_H

#include <limits.h>
#include <stdint.h>

#if CHAR_BIT != 8
#error "bytes must have 8 bits, but CHAR_BIT is not 8; several cannot run on this processor"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Tells several.c that this header was written with it. */
#define SEVERAL_HEADER 0x3b02e52aL

#define SEVERAL_INPUT_1_SIZE 6
#define SEVERAL_INPUT_1_RANK 3
#define SEVERAL_INPUT_1_SHAPE {2, 3, 1}
#define SEVERAL_INPUT_1_BITS 8
#define SEVERAL_INPUT_1_SIGNED 1
#define SEVERAL_INPUT_1_EXPONENT (-4)
#define SEVERAL_INPUT_1_MIN (-127)
#define SEVERAL_INPUT_1_MAX 127

#define SEVERAL_INPUT_2_SIZE 6
#define SEVERAL_INPUT_2_RANK 3
#define SEVERAL_INPUT_2_SHAPE {2, 3, 1}
#define SEVERAL_INPUT_2_BITS 16
#define SEVERAL_INPUT_2_SIGNED 0
#define SEVERAL_INPUT_2_EXPONENT (-9)
#define SEVERAL_INPUT_2_MIN (0)
#define SEVERAL_INPUT_2_MAX 65535

#define SEVERAL_OUTPUT_1_SIZE 6
#define SEVERAL_OUTPUT_1_RANK 2
#define SEVERAL_OUTPUT_1_SHAPE {1, 6}
#define SEVERAL_OUTPUT_1_BITS 16
#define SEVERAL_OUTPUT_1_SIGNED 0
#define SEVERAL_OUTPUT_1_EXPONENT (-9)
#define SEVERAL_OUTPUT_1_MIN (0)
#define SEVERAL_OUTPUT_1_MAX 65535

#define SEVERAL_OUTPUT_2_SIZE 6
#define SEVERAL_OUTPUT_2_RANK 3
#define SEVERAL_OUTPUT_2_SHAPE {2, 3, 1}
#define SEVERAL_OUTPUT_2_BITS 8
#define SEVERAL_OUTPUT_2_SIGNED 1
#define SEVERAL_OUTPUT_2_EXPONENT (-4)
#define SEVERAL_OUTPUT_2_MIN (-127)
#define SEVERAL_OUTPUT_2_MAX 127

#define SEVERAL_OUTPUT_3_SIZE 6
#define SEVERAL_OUTPUT_3_RANK 3
#define SEVERAL_OUTPUT_3_SHAPE {2, 3, 1}
#define SEVERAL_OUTPUT_3_BITS 8
#define SEVERAL_OUTPUT_3_SIGNED 1
#define SEVERAL_OUTPUT_3_EXPONENT (-4)
#define SEVERAL_OUTPUT_3_MIN (-127)
#define SEVERAL_OUTPUT_3_MAX 127

#define SEVERAL_OUTPUT_4_SIZE 6
#define SEVERAL_OUTPUT_4_RANK 3
#define SEVERAL_OUTPUT_4_SHAPE {2, 3, 1}
#define SEVERAL_OUTPUT_4_BITS 16
#define SEVERAL_OUTPUT_4_SIGNED 0
#define SEVERAL_OUTPUT_4_EXPONENT (-9)
#define SEVERAL_OUTPUT_4_MIN (0)
#define SEVERAL_OUTPUT_4_MAX 65535

#define SEVERAL_OUTPUT_5_SIZE 6
#define SEVERAL_OUTPUT_5_RANK 1
#define SEVERAL_OUTPUT_5_SHAPE {6}
#define SEVERAL_OUTPUT_5_BITS 8
#define SEVERAL_OUTPUT_5_SIGNED 1
#define SEVERAL_OUTPUT_5_EXPONENT (-4)
#define SEVERAL_OUTPUT_5_MIN (-127)
#define SEVERAL_OUTPUT_5_MAX 127

/* The elements of the arena. */
#define SEVERAL_ARENA_LENGTH 32

/* Computes the outputs for an example of the inputs. All are arrays of the sizes above, the last
 * axis fastest, that must not overlap. Has the arena in a static variable, so that only one call may be under
 * way; SEVERAL_NO_STATIC_ARENA, defined when the source is compiled, leaves function and
 * variable out. */
void several_run(const int8_t *input_1, const uint16_t *input_2, uint16_t *output_1, int8_t *output_2, int8_t *output_3, uint16_t *output_4, int8_t *output_5);

/* The same in an arena of the caller's, of SEVERAL_ARENA_LENGTH elements, whose content before and
 * after is of no meaning. */
void several_run_in(int16_t *arena, const int8_t *input_1, const uint16_t *input_2, uint16_t *output_1, int8_t *output_2, int8_t *output_3, uint16_t *output_4, int8_t *output_5);

#ifdef __cplusplus
}
#endif

#endif
