/* tiny: made by SlimQuant from an integer model. tiny.h tells how to call it. */

#include "tiny.h"

#include <string.h>

/* How many products a dense layer or a convolution computes at once, 1 to 32. Where there are no
 * vectors, more than 1 is for nothing. */
#ifndef TINY_STEP
#if defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__riscv_vector)
#define TINY_STEP 32
#else
#define TINY_STEP 1
#endif
#endif

/* Sees each tensor when it is computed; the test program uses it. */
#ifndef TINY_TRACE
#define TINY_TRACE(tensor, codes) ((void)(codes))
#endif

struct layer {
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
static inline int32_t shift_right(int32_t value, int32_t shift)
{
    return value < 0 ? ~(~value >> shift) : value >> shift;
}

/* The code of a sum: sum / 2^shift, rounded half up, clamped to min .. max. */
static inline int32_t to_code(int32_t sum, int32_t shift, int32_t min, int32_t max)
{
    const int32_t code = shift_right(sum + (INT32_C(1) << (shift - 1)), shift);
    return (int32_t)(code < min ? min : code > max ? max : code);
}

/* The code of each output channel: its bias and the sum of inputs times weights. Reads count inputs;
 * those beyond layer->inputs are zeros, and the weights beside them those of the next row. */
static void dense_s8_s8_channels(
    const struct layer *layer, const int8_t *restrict input, int32_t count,
    const int8_t *restrict kernel, const int32_t *restrict bias, const int8_t *restrict shifts,
    int8_t *restrict output)
{
    const int32_t whole = count / TINY_STEP * TINY_STEP;
    const int32_t row = layer->inputs;
    const int8_t *row0 = kernel;
    int32_t channel = 0;
    for (int32_t group = layer->channels / 4; group > 0; group--) {
        const int8_t *const row1 = row0 + row;
        const int8_t *const row2 = row1 + row;
        const int8_t *const row3 = row2 + row;
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
        output[channel] = (int8_t)to_code(sum0, shifts[channel], layer->min, layer->max);
        output[channel + 1] = (int8_t)to_code(sum1, shifts[channel + 1], layer->min, layer->max);
        output[channel + 2] = (int8_t)to_code(sum2, shifts[channel + 2], layer->min, layer->max);
        output[channel + 3] = (int8_t)to_code(sum3, shifts[channel + 3], layer->min, layer->max);
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
        output[channel] = (int8_t)to_code(sum, shifts[channel], layer->min, layer->max);
        row0 += row;
        channel++;
    }
}

/* Copies a window of the input, row by row, to the patch; zeros for what lies outside. */
static void copy_window_s8(
    const struct layer *layer, const int8_t *restrict input, int32_t top, int32_t left,
    int8_t *restrict patch)
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
static void conv2d_s8_s8_channels(
    const struct layer *layer, const int8_t *restrict input, const int8_t *restrict kernel,
    const int32_t *restrict bias, const int8_t *restrict shifts,
    int8_t *restrict patch, int8_t *restrict output)
{
    const int32_t count = (layer->inputs + TINY_STEP - 1) / TINY_STEP * TINY_STEP;
    memset(patch, 0, (size_t)count * sizeof *patch);
    for (int32_t r = 0; r < layer->output_rows; r++) {
        for (int32_t c = 0; c < layer->output_columns; c++) {
            copy_window_s8(
                layer, input, r * layer->stride_down - layer->top,
                c * layer->stride_across - layer->left, patch);
            dense_s8_s8_channels(layer, patch, count, kernel, bias, shifts, output);
            output += layer->channels;
        }
    }
}

/* The largest code in each window, for each channel. */
static void max_pool_s8(const struct layer *layer, const int8_t *restrict input, int8_t *restrict output)
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
static void dense_u8_s8(
    const struct layer *layer, const uint8_t *restrict input, int32_t count,
    const int8_t *restrict kernel, const int32_t *restrict bias, int8_t *restrict output)
{
    const int32_t whole = count / TINY_STEP * TINY_STEP;
    const int32_t row = layer->inputs;
    const int8_t *row0 = kernel;
    int32_t channel = 0;
    for (int32_t group = layer->channels / 4; group > 0; group--) {
        const int8_t *const row1 = row0 + row;
        const int8_t *const row2 = row1 + row;
        const int8_t *const row3 = row2 + row;
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
        output[channel] = (int8_t)to_code(sum0, layer->shift, layer->min, layer->max);
        output[channel + 1] = (int8_t)to_code(sum1, layer->shift, layer->min, layer->max);
        output[channel + 2] = (int8_t)to_code(sum2, layer->shift, layer->min, layer->max);
        output[channel + 3] = (int8_t)to_code(sum3, layer->shift, layer->min, layer->max);
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
        output[channel] = (int8_t)to_code(sum, layer->shift, layer->min, layer->max);
        row0 += row;
        channel++;
    }
}

static const struct layer conv1_Conv2D_layer = {
    .rows = 4, .columns = 4, .depth = 1,
    .height = 3, .width = 3,
    .stride_down = 1, .stride_across = 1,
    .dilation_down = 1, .dilation_across = 1,
    .top = 1, .left = 1,
    .output_rows = 4, .output_columns = 4, .channels = 2,
    .inputs = 9,
    .min = 0, .max = 127,
};
/* [3, 3, 1, 2] int8, a row for each output channel */
static const int8_t conv1_Conv2D_kernel[18 + TINY_STEP - 1] = {
    -80, -62, -44, -26, -8, 10, 28, 46, 64, -71, -53, -35, -17, 1, 19, 37, 55, 73,
};
static const int32_t conv1_Conv2D_bias[2] = {
    100, -200,
};
static const int8_t conv1_Conv2D_shifts[2] = {
    7, 8,
};

static const struct layer pool1_MaxPool_layer = {
    .rows = 4, .columns = 4, .depth = 2,
    .height = 2, .width = 2,
    .stride_down = 2, .stride_across = 2,
    .dilation_down = 1, .dilation_across = 1,
    .top = 0, .left = 0,
    .output_rows = 2, .output_columns = 2, .channels = 2,
};

static const struct layer dense1_MatMul_layer = {
    .channels = 3,
    .inputs = 8,
    .shift = 8,
    .min = -127, .max = 127,
};
/* [8, 3] int8, a row for each output channel */
static const int8_t dense1_MatMul_kernel[24] = {
    100, 76, 52, 28, 4, -20, -44, -68, 92, 68, 44, 20, -4, -28, -52, -76, 84, 60, 36, 12, -12, -36,
    -60, -84,
};
static const int32_t dense1_MatMul_bias[3] = {
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
    conv2d_s8_s8_channels(
        &conv1_Conv2D_layer, input, conv1_Conv2D_kernel, conv1_Conv2D_bias, conv1_Conv2D_shifts,
        arena + 40, conv1_Relu_codes);
    TINY_TRACE(1, conv1_Relu_codes);

    /* pool1/MaxPool: MaxPool
     * conv1/Relu:0 [4, 4, 2] int8 * 2^-3
     * -> pool1/MaxPool:0 [2, 2, 2] int8 * 2^-3 */
    max_pool_s8(&pool1_MaxPool_layer, conv1_Relu_codes, pool1_MaxPool_codes);
    TINY_TRACE(2, pool1_MaxPool_codes);

    /* Reshape: Reshape
     * pool1/MaxPool:0 [2, 2, 2] int8 * 2^-3
     * -> Reshape:0 [8] int8 * 2^-3 */
    TINY_TRACE(3, Reshape_codes);

    /* dense1/MatMul: Dense
     * Reshape:0 [8] int8 * 2^-3
     * -> logits [3] int8 * 2^-1 */
    dense_u8_s8(
        &dense1_MatMul_layer, (const uint8_t *)Reshape_codes, 8, dense1_MatMul_kernel,
        dense1_MatMul_bias, logits_codes);
    TINY_TRACE(4, logits_codes);
}

#ifndef TINY_NO_STATIC_ARENA

void tiny_run(const int8_t *input, int8_t *output)
{
    static int8_t arena[TINY_ARENA_LENGTH];
    tiny_run_in(arena, input, output);
}

#endif
