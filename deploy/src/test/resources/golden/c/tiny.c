/* tiny: made by SlimQuant from an integer model. tiny.h tells how to call it.
 *
 * The macros below can be set with the compiler's options, or in a file tiny_config.h. */

#include "tiny.h"

#include <string.h>

#if TINY_HEADER != 0xa9bb18d8L
#error "tiny.h must be the one that was exported with tiny.c, but is another; take both of one export"
#endif

#ifdef __has_include
#if __has_include("tiny_config.h")
#include "tiny_config.h"
#endif
#endif

/* The address space of the constant tables, in their types and in those of pointers to them. On AVR
 * it is flash, from which plain C reads in GNU's dialect (-std=gnu99; not -std=c99, not C++); where
 * flash is larger than 64 KB the slower __memx, which reaches all of it. */
#ifndef TINY_SPACE
#if !defined(__AVR__) || defined(__AVR_PM_BASE_ADDRESS__) || defined(__AVR_TINY__)
#define TINY_SPACE
#elif defined(__STRICT_ANSI__) || defined(__cplusplus) || !defined(__FLASH)
#ifdef TINY_CONST
#error "TINY_CONST must not be PROGMEM, which plain C does not read; compile tiny.c as C with -std=gnu99, which needs no macro for flash, or define TINY_SPACE as nothing for another section"
#endif
#define TINY_SPACE
#elif defined(__AVR_HAVE_ELPM__)
#define TINY_SPACE __memx
#else
#define TINY_SPACE __flash
#endif
#endif

/* What each constant table begins with: an attribute that puts it into a section, for example. */
#ifndef TINY_CONST
#define TINY_CONST
#endif

/* For pointers to what no other pointer of a function reaches. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L && !defined(__cplusplus)
#define TINY_RESTRICT restrict
#elif defined(__GNUC__) || defined(_MSC_VER)
#define TINY_RESTRICT __restrict
#else
#define TINY_RESTRICT
#endif

/* How many products a dense layer or a convolution computes at once: 1, 2, 4, 8, 16 or 32. Where
 * there are no vectors, more than 1 is for nothing. */
#ifndef TINY_STEP
#if defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__riscv_vector)
#define TINY_STEP 32
#else
#define TINY_STEP 1
#endif
#endif
#if TINY_STEP < 1 || 32 % TINY_STEP != 0
#error "TINY_STEP must be 1, 2, 4, 8, 16 or 32, because the arena has room for these"
#endif

/* Sees each tensor when it is computed; the test program uses it. */
#ifndef TINY_TRACE
#define TINY_TRACE(tensor, codes) ((void)(codes))
#endif

struct tiny_layer {
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
static inline int32_t tiny_shift_right(int32_t value, int32_t shift)
{
    return value < 0 ? ~(~value >> shift) : value >> shift;
}

/* The code of a sum: sum / 2^shift, rounded half up, clamped to min .. max. */
static inline int32_t tiny_to_code(int32_t sum, int32_t shift, int32_t min, int32_t max)
{
    const int32_t code = tiny_shift_right(sum + ((int32_t)1 << (shift - 1)), shift);
    return (int32_t)(code < min ? min : code > max ? max : code);
}

/* The code of each output channel: its bias and the sum of inputs times weights. Reads count inputs;
 * those beyond layer->inputs are zeros, and the weights beside them those of the next row. */
static void tiny_dense_s8_s8_channels(
    const TINY_SPACE struct tiny_layer *layer, const int8_t *TINY_RESTRICT input, int32_t count,
    const TINY_SPACE int8_t *TINY_RESTRICT kernel, const TINY_SPACE int32_t *TINY_RESTRICT bias,
    const TINY_SPACE int8_t *TINY_RESTRICT shifts, int8_t *TINY_RESTRICT output)
{
    const int32_t whole = count / TINY_STEP * TINY_STEP;
    const int32_t row = layer->inputs;
    const TINY_SPACE int8_t *row0 = kernel;
    int32_t channel = 0;
    for (int32_t group = layer->channels / 4; group > 0; group--) {
        const TINY_SPACE int8_t *const row1 = row0 + row;
        const TINY_SPACE int8_t *const row2 = row1 + row;
        const TINY_SPACE int8_t *const row3 = row2 + row;
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
        for (int32_t rest = count % TINY_STEP; rest > 0; rest--, i++) {
            const int32_t x = input[i];
            sum0 += x * row0[i];
            sum1 += x * row1[i];
            sum2 += x * row2[i];
            sum3 += x * row3[i];
        }
        output[channel] = (int8_t)tiny_to_code(sum0, shifts[channel], layer->min, layer->max);
        output[channel + 1] = (int8_t)tiny_to_code(sum1, shifts[channel + 1], layer->min, layer->max);
        output[channel + 2] = (int8_t)tiny_to_code(sum2, shifts[channel + 2], layer->min, layer->max);
        output[channel + 3] = (int8_t)tiny_to_code(sum3, shifts[channel + 3], layer->min, layer->max);
        row0 = row3 + row;
        channel += 4;
    }
    for (int32_t single = layer->channels % 4; single > 0; single--) {
        int32_t sum = bias[channel];
        int32_t i = 0;
        for (; i < whole; i++) {
            sum += (int32_t)input[i] * row0[i];
        }
        for (int32_t rest = count % TINY_STEP; rest > 0; rest--, i++) {
            sum += (int32_t)input[i] * row0[i];
        }
        output[channel] = (int8_t)tiny_to_code(sum, shifts[channel], layer->min, layer->max);
        row0 += row;
        channel++;
    }
}

/* Copies a window of the input, row by row, to the patch; zeros for what lies outside. */
static void tiny_copy_window_s8(
    const TINY_SPACE struct tiny_layer *layer, const int8_t *TINY_RESTRICT input, int32_t top, int32_t left,
    int8_t *TINY_RESTRICT patch)
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
static void tiny_conv2d_s8_s8_channels(
    const TINY_SPACE struct tiny_layer *layer, const int8_t *TINY_RESTRICT input,
    const TINY_SPACE int8_t *TINY_RESTRICT kernel, const TINY_SPACE int32_t *TINY_RESTRICT bias,
    const TINY_SPACE int8_t *TINY_RESTRICT shifts, int8_t *TINY_RESTRICT patch, int8_t *TINY_RESTRICT output)
{
    const int32_t count = (layer->inputs + TINY_STEP - 1) / TINY_STEP * TINY_STEP;
    memset(patch, 0, (size_t)count * sizeof *patch);
    for (int32_t r = 0; r < layer->output_rows; r++) {
        for (int32_t c = 0; c < layer->output_columns; c++) {
            tiny_copy_window_s8(
                layer, input, r * layer->stride_down - layer->top,
                c * layer->stride_across - layer->left, patch);
            tiny_dense_s8_s8_channels(layer, patch, count, kernel, bias, shifts, output);
            output += layer->channels;
        }
    }
}

/* The largest code in each window, for each channel. */
static void tiny_max_pool_s8(
    const TINY_SPACE struct tiny_layer *layer, const int8_t *TINY_RESTRICT input, int8_t *TINY_RESTRICT output)
{
    const int32_t depth = layer->depth;
    for (int32_t r = 0; r < layer->output_rows; r++) {
        for (int32_t c = 0; c < layer->output_columns; c++) {
            int first = 1;
            for (int32_t i = 0; i < layer->height; i++) {
                const int32_t row = r * layer->stride_down - layer->top + i;
                if (row < 0 || row >= layer->rows) {
                    continue;
                }
                for (int32_t j = 0; j < layer->width; j++) {
                    const int32_t column = c * layer->stride_across - layer->left + j;
                    if (column < 0 || column >= layer->columns) {
                        continue;
                    }
                    const int8_t *const x = input + (row * layer->columns + column) * depth;
                    if (first) {
                        memcpy(output, x, (size_t)depth * sizeof *output);
                        first = 0;
                        continue;
                    }
                    for (int32_t k = 0; k < depth; k++) {
                        output[k] = x[k] > output[k] ? x[k] : output[k];
                    }
                }
            }
            output += depth;
        }
    }
}

/* The code of each output channel: its bias and the sum of inputs times weights. Reads count inputs;
 * those beyond layer->inputs are zeros, and the weights beside them those of the next row. */
static void tiny_dense_u8_s8(
    const TINY_SPACE struct tiny_layer *layer, const uint8_t *TINY_RESTRICT input, int32_t count,
    const TINY_SPACE int8_t *TINY_RESTRICT kernel, const TINY_SPACE int32_t *TINY_RESTRICT bias,
    int8_t *TINY_RESTRICT output)
{
    const int32_t whole = count / TINY_STEP * TINY_STEP;
    const int32_t row = layer->inputs;
    const TINY_SPACE int8_t *row0 = kernel;
    int32_t channel = 0;
    for (int32_t group = layer->channels / 4; group > 0; group--) {
        const TINY_SPACE int8_t *const row1 = row0 + row;
        const TINY_SPACE int8_t *const row2 = row1 + row;
        const TINY_SPACE int8_t *const row3 = row2 + row;
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
        for (int32_t rest = count % TINY_STEP; rest > 0; rest--, i++) {
            const int32_t x = input[i];
            sum0 += x * row0[i];
            sum1 += x * row1[i];
            sum2 += x * row2[i];
            sum3 += x * row3[i];
        }
        output[channel] = (int8_t)tiny_to_code(sum0, layer->shift, layer->min, layer->max);
        output[channel + 1] = (int8_t)tiny_to_code(sum1, layer->shift, layer->min, layer->max);
        output[channel + 2] = (int8_t)tiny_to_code(sum2, layer->shift, layer->min, layer->max);
        output[channel + 3] = (int8_t)tiny_to_code(sum3, layer->shift, layer->min, layer->max);
        row0 = row3 + row;
        channel += 4;
    }
    for (int32_t single = layer->channels % 4; single > 0; single--) {
        int32_t sum = bias[channel];
        int32_t i = 0;
        for (; i < whole; i++) {
            sum += (int32_t)input[i] * row0[i];
        }
        for (int32_t rest = count % TINY_STEP; rest > 0; rest--, i++) {
            sum += (int32_t)input[i] * row0[i];
        }
        output[channel] = (int8_t)tiny_to_code(sum, layer->shift, layer->min, layer->max);
        row0 += row;
        channel++;
    }
}

TINY_CONST static const TINY_SPACE struct tiny_layer tiny_Conv1_Conv2D_layer = {
    4, 4, 1,                 /* rows, columns, depth */
    3, 3,                    /* height, width */
    1, 1,                    /* stride_down, stride_across */
    1, 1,                    /* dilation_down, dilation_across */
    1, 1,                    /* top, left */
    4, 4, 2,                 /* output_rows, output_columns, channels */
    9,                       /* inputs */
    0,                       /* shift */
    0, 127,                  /* min, max */
};
/* [3, 3, 1, 2] int8, a row for each output channel */
TINY_CONST static const TINY_SPACE int8_t tiny_Conv1_Conv2D_kernel[18 + TINY_STEP - 1] = {
    -80, -62, -44, -26, -8, 10, 28, 46, 64, -71, -53, -35, -17, 1, 19, 37, 55, 73,
};
TINY_CONST static const TINY_SPACE int32_t tiny_Conv1_Conv2D_bias[2] = {
    100, -200,
};
TINY_CONST static const TINY_SPACE int8_t tiny_Conv1_Conv2D_shifts[2] = {
    7, 8,
};

TINY_CONST static const TINY_SPACE struct tiny_layer tiny_Pool1_MaxPool_layer = {
    4, 4, 2,                 /* rows, columns, depth */
    2, 2,                    /* height, width */
    2, 2,                    /* stride_down, stride_across */
    1, 1,                    /* dilation_down, dilation_across */
    0, 0,                    /* top, left */
    2, 2, 2,                 /* output_rows, output_columns, channels */
    0,                       /* inputs */
    0,                       /* shift */
    0, 0,                    /* min, max */
};

TINY_CONST static const TINY_SPACE struct tiny_layer tiny_Dense1_MatMul_layer = {
    0, 0, 0,                 /* rows, columns, depth */
    0, 0,                    /* height, width */
    0, 0,                    /* stride_down, stride_across */
    0, 0,                    /* dilation_down, dilation_across */
    0, 0,                    /* top, left */
    0, 0, 3,                 /* output_rows, output_columns, channels */
    8,                       /* inputs */
    8,                       /* shift */
    -127, 127,               /* min, max */
};
/* [8, 3] int8, a row for each output channel */
TINY_CONST static const TINY_SPACE int8_t tiny_Dense1_MatMul_kernel[24] = {
    100, 76, 52, 28, 4, -20, -44, -68, 92, 68, 44, 20, -4, -28, -52, -76, 84, 60, 36, 12, -12, -36,
    -60, -84,
};
TINY_CONST static const TINY_SPACE int32_t tiny_Dense1_MatMul_bias[3] = {
    0, 64, -64,
};

void tiny_run_in(int8_t *arena, const int8_t *input, int8_t *output)
{
    (void)arena;
    int8_t *const conv1_Relu_codes = arena;
    int8_t *const pool1_MaxPool_codes = arena + 32;
    int8_t *const Reshape_codes = arena + 32;
    int8_t *const logits_codes = output;

    /* conv1/Conv2D: Conv2D
     * images [4, 4, 1] int8 * 2^-4
     * -> conv1/Relu:0 [4, 4, 2] int8 * 2^-3, clamped to 0 .. 127 */
    tiny_conv2d_s8_s8_channels(
        &tiny_Conv1_Conv2D_layer, input, tiny_Conv1_Conv2D_kernel, tiny_Conv1_Conv2D_bias,
        tiny_Conv1_Conv2D_shifts, arena + 40, conv1_Relu_codes);
    TINY_TRACE(1, conv1_Relu_codes);

    /* pool1/MaxPool: MaxPool
     * conv1/Relu:0 [4, 4, 2] int8 * 2^-3
     * -> pool1/MaxPool:0 [2, 2, 2] int8 * 2^-3 */
    tiny_max_pool_s8(&tiny_Pool1_MaxPool_layer, conv1_Relu_codes, pool1_MaxPool_codes);
    TINY_TRACE(2, pool1_MaxPool_codes);

    /* Reshape: Reshape
     * pool1/MaxPool:0 [2, 2, 2] int8 * 2^-3
     * -> Reshape:0 [8] int8 * 2^-3 */
    TINY_TRACE(3, Reshape_codes);

    /* dense1/MatMul: Dense
     * Reshape:0 [8] int8 * 2^-3
     * -> logits [3] int8 * 2^-1 */
    tiny_dense_u8_s8(
        &tiny_Dense1_MatMul_layer, (const uint8_t *)Reshape_codes, 8, tiny_Dense1_MatMul_kernel,
        tiny_Dense1_MatMul_bias, logits_codes);
    TINY_TRACE(4, logits_codes);
}

#ifndef TINY_NO_STATIC_ARENA

/* What the arena begins with: an attribute that puts it into a section, for example. */
#ifndef TINY_ARENA
#define TINY_ARENA
#endif

void tiny_run(const int8_t *input, int8_t *output)
{
    TINY_ARENA static int8_t arena[TINY_ARENA_LENGTH];
    tiny_run_in(arena, input, output);
}

#endif
