/* several: made by SlimQuant from an integer model. several.h tells how to call it.
 *
 * The macros below can be set with the compiler's options, or in a file several_config.h. */

#include "several.h"

#include <string.h>

#if SEVERAL_HEADER != 0x3b02e52aL
#error "several.h must be the one that was exported with several.c, but is another; take both of one export"
#endif

#ifdef __has_include
#if __has_include("several_config.h")
#include "several_config.h"
#endif
#endif

/* The address space of the constant tables, in their types and in those of pointers to them. On AVR
 * it is flash, from which plain C reads in GNU's dialect (-std=gnu99; not -std=c99, not C++); where
 * flash is larger than 64 KB the slower __memx, which reaches all of it. */
#ifndef SEVERAL_SPACE
#if !defined(__AVR__) || defined(__AVR_PM_BASE_ADDRESS__) || defined(__AVR_TINY__)
#define SEVERAL_SPACE
#elif defined(__STRICT_ANSI__) || defined(__cplusplus) || !defined(__FLASH)
#ifdef SEVERAL_CONST
#error "SEVERAL_CONST must not be PROGMEM, which plain C does not read; compile several.c as C with -std=gnu99, which needs no macro for flash, or define SEVERAL_SPACE as nothing for another section"
#endif
#define SEVERAL_SPACE
#elif defined(__AVR_HAVE_ELPM__)
#define SEVERAL_SPACE __memx
#else
#define SEVERAL_SPACE __flash
#endif
#endif

/* What each constant table begins with: an attribute that puts it into a section, for example. */
#ifndef SEVERAL_CONST
#define SEVERAL_CONST
#endif

/* For pointers to what no other pointer of a function reaches. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L && !defined(__cplusplus)
#define SEVERAL_RESTRICT restrict
#elif defined(__GNUC__) || defined(_MSC_VER)
#define SEVERAL_RESTRICT __restrict
#else
#define SEVERAL_RESTRICT
#endif

/* How many products a dense layer or a convolution computes at once: 1, 2, 4, 8, 16 or 32. Where
 * there are no vectors, more than 1 is for nothing. */
#ifndef SEVERAL_STEP
#if defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__riscv_vector)
#define SEVERAL_STEP 32
#else
#define SEVERAL_STEP 1
#endif
#endif
#if SEVERAL_STEP < 1 || 32 % SEVERAL_STEP != 0
#error "SEVERAL_STEP must be 1, 2, 4, 8, 16 or 32, because the arena has room for these"
#endif

/* Sees each tensor when it is computed; the test program uses it. */
#ifndef SEVERAL_TRACE
#define SEVERAL_TRACE(tensor, codes) ((void)(codes))
#endif

struct several_layer {
    int32_t rows, columns, depth;                    /* input */
    int32_t height, width;                           /* window */
    int32_t stride_down, stride_across;
    int32_t dilation_down, dilation_across;
    int32_t top, left;                               /* padding before the input */
    int32_t output_rows, output_columns, channels;   /* output */
    int32_t inputs;                                  /* weights for each output channel */
    int32_t shift;                                   /* from sum to code, if one for all */
    int32_t min, max;                                /* what codes are clamped to */
};

/* value / 2^shift, rounded down. C99 leaves open what >> makes of negative values, but not what it
 * makes of this; compilers make one arithmetic shift of it. */
static inline int32_t several_shift_right(int32_t value, int32_t shift)
{
    return value < 0 ? ~(~value >> shift) : value >> shift;
}

/* The code of a sum: sum / 2^shift, rounded half up, clamped to min .. max. For a negative shift the
 * sum is multiplied; one of 2^16 or more is beyond every code as it is, and cut before. */
static inline int32_t several_to_code(int32_t sum, int32_t shift, int32_t min, int32_t max)
{
    const int32_t beyond = 65536;
    int32_t code;
    if (shift > 0) {
        code = several_shift_right(sum + ((int32_t)1 << (shift - 1)), shift);
    } else {
        code = (sum < -beyond ? -beyond : sum > beyond ? beyond : sum) * ((int32_t)1 << -shift);
    }
    return (int32_t)(code < min ? min : code > max ? max : code);
}

/* Sums, element by element, of codes brought to one step by a factor each. */
static void several_add_s8_u16_u16(
    const int8_t *SEVERAL_RESTRICT left, int32_t left_factor, const uint16_t *SEVERAL_RESTRICT right, int32_t right_factor,
    int32_t size, int32_t shift, int32_t min, int32_t max, uint16_t *SEVERAL_RESTRICT output)
{
    for (int32_t i = 0; i < size; i++) {
        output[i] = (uint16_t)several_to_code(left[i] * left_factor + right[i] * right_factor, shift, min, max);
    }
}

/* The code of each output channel: its bias and the sum of inputs times weights. Reads count inputs;
 * those beyond layer->inputs are zeros, and the weights beside them those of the next row. */
static void several_dense_u16_s8(
    const SEVERAL_SPACE struct several_layer *layer, const uint16_t *SEVERAL_RESTRICT input, int32_t count,
    const SEVERAL_SPACE int8_t *SEVERAL_RESTRICT kernel, const SEVERAL_SPACE int32_t *SEVERAL_RESTRICT bias,
    int8_t *SEVERAL_RESTRICT output)
{
    const int32_t whole = count / SEVERAL_STEP * SEVERAL_STEP;
    const int32_t row = layer->inputs;
    const SEVERAL_SPACE int8_t *row0 = kernel;
    int32_t channel = 0;
    for (int32_t group = layer->channels / 4; group > 0; group--) {
        const SEVERAL_SPACE int8_t *const row1 = row0 + row;
        const SEVERAL_SPACE int8_t *const row2 = row1 + row;
        const SEVERAL_SPACE int8_t *const row3 = row2 + row;
        int32_t sum0 = bias[channel];
        int32_t sum1 = bias[channel + 1];
        int32_t sum2 = bias[channel + 2];
        int32_t sum3 = bias[channel + 3];
        int32_t i = 0;
        for (; i < whole; i++) {
            const int32_t x = input[i];
            sum0 += x * row0[i];
            sum1 += x * row1[i];
            sum2 += x * row2[i];
            sum3 += x * row3[i];
        }
        for (int32_t rest = count % SEVERAL_STEP; rest > 0; rest--, i++) {
            const int32_t x = input[i];
            sum0 += x * row0[i];
            sum1 += x * row1[i];
            sum2 += x * row2[i];
            sum3 += x * row3[i];
        }
        output[channel] = (int8_t)several_to_code(sum0, layer->shift, layer->min, layer->max);
        output[channel + 1] = (int8_t)several_to_code(sum1, layer->shift, layer->min, layer->max);
        output[channel + 2] = (int8_t)several_to_code(sum2, layer->shift, layer->min, layer->max);
        output[channel + 3] = (int8_t)several_to_code(sum3, layer->shift, layer->min, layer->max);
        row0 = row3 + row;
        channel += 4;
    }
    for (int32_t single = layer->channels % 4; single > 0; single--) {
        int32_t sum = bias[channel];
        int32_t i = 0;
        for (; i < whole; i++) {
            sum += (int32_t)input[i] * row0[i];
        }
        for (int32_t rest = count % SEVERAL_STEP; rest > 0; rest--, i++) {
            sum += (int32_t)input[i] * row0[i];
        }
        output[channel] = (int8_t)several_to_code(sum, layer->shift, layer->min, layer->max);
        row0 += row;
        channel++;
    }
}

/* Copies a window of the input, row by row, to the patch; zeros for what lies outside. */
static void several_copy_window_u16(
    const SEVERAL_SPACE struct several_layer *layer, const uint16_t *SEVERAL_RESTRICT input, int32_t top, int32_t left,
    uint16_t *SEVERAL_RESTRICT patch)
{
    const int32_t depth = layer->depth;
    const size_t pixel = (size_t)depth * sizeof *patch;
    const int whole = layer->dilation_across == 1 && left >= 0
        && left <= layer->columns - layer->width;
    for (int32_t i = 0; i < layer->height; i++) {
        const int32_t row = top + i * layer->dilation_down;
        if (row < 0 || row >= layer->rows) {
            memset(patch, 0, (size_t)layer->width * pixel);
            patch += layer->width * depth;
        } else if (whole) {
            memcpy(patch, input + (row * layer->columns + left) * depth, (size_t)layer->width * pixel);
            patch += layer->width * depth;
        } else {
            for (int32_t j = 0; j < layer->width; j++) {
                const int32_t column = left + j * layer->dilation_across;
                if (column < 0 || column >= layer->columns) {
                    memset(patch, 0, pixel);
                } else {
                    memcpy(patch, input + (row * layer->columns + column) * depth, pixel);
                }
                patch += depth;
            }
        }
    }
}

/* A convolution: a dense layer at each place of the window. */
static void several_conv2d_u16_s8(
    const SEVERAL_SPACE struct several_layer *layer, const uint16_t *SEVERAL_RESTRICT input,
    const SEVERAL_SPACE int8_t *SEVERAL_RESTRICT kernel, const SEVERAL_SPACE int32_t *SEVERAL_RESTRICT bias,
    uint16_t *SEVERAL_RESTRICT patch, int8_t *SEVERAL_RESTRICT output)
{
    const int32_t count = (layer->inputs + SEVERAL_STEP - 1) / SEVERAL_STEP * SEVERAL_STEP;
    memset(patch, 0, (size_t)count * sizeof *patch);
    for (int32_t r = 0; r < layer->output_rows; r++) {
        for (int32_t c = 0; c < layer->output_columns; c++) {
            several_copy_window_u16(
                layer, input, r * layer->stride_down - layer->top,
                c * layer->stride_across - layer->left, patch);
            several_dense_u16_s8(layer, patch, count, kernel, bias, output);
            output += layer->channels;
        }
    }
}

SEVERAL_CONST static const SEVERAL_SPACE struct several_layer several_Last_layer = {
    2, 3, 1,                 /* rows, columns, depth */
    2, 2,                    /* height, width */
    1, 1,                    /* stride_down, stride_across */
    1, 1,                    /* dilation_down, dilation_across */
    0, 0,                    /* top, left */
    2, 3, 1,                 /* output_rows, output_columns, channels */
    4,                       /* inputs */
    9,                       /* shift */
    -127, 127,               /* min, max */
};
/* [2, 2, 1, 1] int8, a row for each output channel */
SEVERAL_CONST static const SEVERAL_SPACE int8_t several_Last_kernel[4 + SEVERAL_STEP - 1] = {
    1, -2, 3, 4,
};
SEVERAL_CONST static const SEVERAL_SPACE int32_t several_Last_bias[1] = {
    5,
};

void several_run_in(int16_t *arena, const int8_t *input_1, const uint16_t *input_2, uint16_t *output_1, int8_t *output_2, int8_t *output_3, uint16_t *output_4, int8_t *output_5)
{
    (void)arena;
    const int8_t *const flat_codes = input_1;
    uint16_t *const sum_codes = output_1;
    uint16_t *const rows_codes = output_1;
    int8_t *const last_codes = output_3;

    /* flat: Reshape
     * left [2, 3, 1] int8 * 2^-4
     * -> flat [6] int8 * 2^-4 */
    SEVERAL_TRACE(2, flat_codes);

    /* sum: Add
     * left [2, 3, 1] int8 * 2^-4
     * right/image:0 [2, 3, 1] uint16 * 2^-9
     * -> sum [2, 3, 1] uint16 * 2^-9 */
    several_add_s8_u16_u16(input_1, 32, input_2, 1, 6, 0, 0, 65535, sum_codes);
    SEVERAL_TRACE(3, sum_codes);

    /* rows: Reshape
     * sum [2, 3, 1] uint16 * 2^-9
     * -> rows [1, 6] uint16 * 2^-9 */
    SEVERAL_TRACE(4, rows_codes);

    /* last: Conv2D
     * sum [2, 3, 1] uint16 * 2^-9
     * -> last [2, 3, 1] int8 * 2^-4 */
    several_conv2d_u16_s8(
        &several_Last_layer, sum_codes, several_Last_kernel, several_Last_bias, (uint16_t *)arena,
        last_codes);
    SEVERAL_TRACE(5, last_codes);

    memcpy(output_2, input_1, 6 * sizeof *output_2);
    memcpy(output_4, output_1, 6 * sizeof *output_4);
    memcpy(output_5, input_1, 6 * sizeof *output_5);
}

#ifndef SEVERAL_NO_STATIC_ARENA

/* What the arena begins with: an attribute that puts it into a section, for example. */
#ifndef SEVERAL_ARENA
#define SEVERAL_ARENA
#endif

void several_run(const int8_t *input_1, const uint16_t *input_2, uint16_t *output_1, int8_t *output_2, int8_t *output_3, uint16_t *output_4, int8_t *output_5)
{
    SEVERAL_ARENA static int16_t arena[SEVERAL_ARENA_LENGTH];
    several_run_in(arena, input_1, input_2, output_1, output_2, output_3, output_4, output_5);
}

#endif
