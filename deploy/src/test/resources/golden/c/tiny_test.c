/* Tries tiny.c: runs it, and compares each tensor with what it must be.
 *
 *     cc tiny_test.c -o tiny_test && ./tiny_test
 *
 * Returns 0 if all are the same. */

#include <stdint.h>

static void check(int32_t tensor, const void *codes);
#define TINY_TRACE(tensor, codes) check(tensor, codes)
#include "tiny.c"

#include <stdio.h>

#define EXAMPLES 4

/* images [4, 4, 1] int8 * 2^-4 */
static const int8_t golden_input[EXAMPLES * 16] = {
    -7, -99, 12, -125, 73, 76, 79, 29, -58, -8, -50, 25, -14, -30, -17, 127, 127, 127, 127, 127,
    127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, -127, -127, -127, -127, -127, -127,
    -127, -127, -127, -127, -127, -127, -127, -127, -127, -127, -127, 127, -127, 127, 127, 127, 127,
    127, 127, -127, 127, 127, -127, 127, -127, -127,
};

/* conv1/Relu:0 [4, 4, 2] int8 * 2^-3 */
static const int8_t golden_1[EXAMPLES * 32] = {
    58, 29, 92, 50, 70, 33, 34, 16, 15, 5, 0, 0, 74, 34, 34, 15, 0, 0, 0, 0, 0, 0, 0, 0, 30, 10, 61,
    23, 38, 20, 15, 10, 112, 73, 114, 83, 114, 83, 40, 37, 7, 29, 0, 4, 0, 4, 0, 0, 7, 29, 0, 4, 0,
    4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 72, 0, 72, 0, 102, 23, 0, 0, 72,
    0, 72, 0, 102, 23, 104, 33, 127, 77, 127, 77, 127, 69, 127, 72, 127, 81, 127, 82, 92, 54, 3, 9,
    84, 54, 0, 20, 58, 46, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
};

/* pool1/MaxPool:0 [2, 2, 2] int8 * 2^-3 */
static const int8_t golden_2[EXAMPLES * 8] = {
    92, 50, 74, 34, 61, 23, 38, 20, 114, 83, 114, 83, 7, 29, 0, 4, 72, 0, 102, 23, 127, 77, 127, 77,
    127, 81, 127, 82, 1, 0, 0, 0,
};

/* Reshape:0 [8] int8 * 2^-3 */
static const int8_t golden_3[EXAMPLES * 8] = {
    92, 50, 74, 34, 61, 23, 38, 20, 114, 83, 114, 83, 7, 29, 0, 4, 72, 0, 102, 23, 127, 77, 127, 77,
    127, 81, 127, 82, 1, 0, 0, 0,
};

/* logits [3] int8 * 2^-1 */
static const int8_t golden_4[EXAMPLES * 3] = {
    57, 45, 32, 98, 85, 71, 5, -14, -33, 108, 96, 82,
};

static const struct {
    const char *name;
    size_t bytes;
    size_t size;
    const void *golden;
} tensors[5] = {
    {"images", 1, 16, golden_input},
    {"conv1/Relu:0", 1, 32, golden_1},
    {"pool1/MaxPool:0", 1, 8, golden_2},
    {"Reshape:0", 1, 8, golden_3},
    {"logits", 1, 3, golden_4},
};

static size_t example;
static int failures;

/* Compares a tensor with what it must be, and tells the first code that is not. */
static void check(int32_t tensor, const void *codes)
{
    const size_t bytes = tensors[tensor].bytes * tensors[tensor].size;
    const unsigned char *const actual = codes;
    const unsigned char *const golden =
        (const unsigned char *)tensors[tensor].golden + example * bytes;
    for (size_t i = 0; i < bytes; i++) {
        if (actual[i] != golden[i]) {
            printf("example %d: tensor %s differs from code %d on\n", (int)example,
                   tensors[tensor].name, (int)(i / tensors[tensor].bytes));
            failures++;
            return;
        }
    }
}

int main(void)
{
    static int8_t output[TINY_OUTPUT_SIZE];
    static int8_t arena[TINY_ARENA_LENGTH];
    for (example = 0; example < EXAMPLES; example++) {
        const int8_t *const input = golden_input + example * TINY_INPUT_SIZE;
        memset(arena, 0x55, sizeof arena);
        memset(output, 0x55, sizeof output);
        tiny_run_in(arena, input, output);
        check(4, output);
#ifndef TINY_NO_STATIC_ARENA
        memset(output, 0x55, sizeof output);
        tiny_run(input, output);
        check(4, output);
#endif
    }
    printf("tiny: %d tensors of %d examples, %d differ\n", 5 - 1, EXAMPLES, failures);
    return failures != 0;
}
