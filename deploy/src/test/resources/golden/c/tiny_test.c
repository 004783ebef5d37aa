/* Tries tiny.c, made by SlimQuant: runs it, and compares each tensor with what it must be.
 *
 *     cc -DTINY_TEST tiny_test.c -o tiny_test && ./tiny_test
 *
 * Returns 0 if all are the same. Without TINY_TEST this file is empty, so that it can lie in a
 * folder of which every file is compiled. For a device whose main function is another's: with
 * TINY_TEST_NO_MAIN there is none here, and tiny_test() returns how many tensors differ. */

#include <stdint.h>

#ifdef TINY_TEST

static void tiny_test_check(int32_t tensor, const void *codes);
#define TINY_TRACE(tensor, codes) tiny_test_check(tensor, codes)
#define tiny_run tiny_test_run
#define tiny_run_in tiny_test_run_in
#include "tiny.c"

#include <stdio.h>

/* images [4, 4, 1] int8 * 2^-4 */
TINY_CONST static const TINY_SPACE int8_t tiny_test_golden_input[64] = {
    -7, -99, 12, -125, 73, 76, 79, 29, -58, -8, -50, 25, -14, -30, -17, 127, 127, 127, 127, 127,
    127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, -127, -127, -127, -127, -127, -127,
    -127, -127, -127, -127, -127, -127, -127, -127, -127, -127, -127, 127, -127, 127, 127, 127, 127,
    127, 127, -127, 127, 127, -127, 127, -127, -127,
};

/* conv1/Relu:0 [4, 4, 2] int8 * 2^-3 */
TINY_CONST static const TINY_SPACE int8_t tiny_test_golden_1[128] = {
    58, 29, 92, 50, 70, 33, 34, 16, 15, 5, 0, 0, 74, 34, 34, 15, 0, 0, 0, 0, 0, 0, 0, 0, 30, 10, 61,
    23, 38, 20, 15, 10, 112, 73, 114, 83, 114, 83, 40, 37, 7, 29, 0, 4, 0, 4, 0, 0, 7, 29, 0, 4, 0,
    4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 72, 0, 72, 0, 102, 23, 0, 0, 72,
    0, 72, 0, 102, 23, 104, 33, 127, 77, 127, 77, 127, 69, 127, 72, 127, 81, 127, 82, 92, 54, 3, 9,
    84, 54, 0, 20, 58, 46, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
};

/* pool1/MaxPool:0 [2, 2, 2] int8 * 2^-3 */
TINY_CONST static const TINY_SPACE int8_t tiny_test_golden_2[32] = {
    92, 50, 74, 34, 61, 23, 38, 20, 114, 83, 114, 83, 7, 29, 0, 4, 72, 0, 102, 23, 127, 77, 127, 77,
    127, 81, 127, 82, 1, 0, 0, 0,
};

/* Reshape:0 [8] int8 * 2^-3 */
TINY_CONST static const TINY_SPACE int8_t tiny_test_golden_3[32] = {
    92, 50, 74, 34, 61, 23, 38, 20, 114, 83, 114, 83, 7, 29, 0, 4, 72, 0, 102, 23, 127, 77, 127, 77,
    127, 81, 127, 82, 1, 0, 0, 0,
};

/* logits [3] int8 * 2^-1 */
TINY_CONST static const TINY_SPACE int8_t tiny_test_golden_4[12] = {
    57, 45, 32, 98, 85, 71, 5, -14, -33, 108, 96, 82,
};

struct tiny_test_tensor {
    char name[16];
    int32_t bytes;   /* of an element */
    int32_t size;
    const TINY_SPACE void *golden;
};

TINY_CONST static const TINY_SPACE struct tiny_test_tensor tiny_test_tensors[5] = {
    {"images", 1, 16, tiny_test_golden_input},
    {"conv1/Relu:0", 1, 32, tiny_test_golden_1},
    {"pool1/MaxPool:0", 1, 8, tiny_test_golden_2},
    {"Reshape:0", 1, 8, tiny_test_golden_3},
    {"logits", 1, 3, tiny_test_golden_4},
};

static int32_t tiny_test_example;
static int tiny_test_failures;

/* Compares a tensor with what it must be, and tells the first code that is not. */
static void tiny_test_check(int32_t tensor, const void *codes)
{
    const TINY_SPACE struct tiny_test_tensor *const expected = &tiny_test_tensors[tensor];
    const int32_t bytes = expected->bytes * expected->size;
    const unsigned char *const actual = (const unsigned char *)codes;
    const TINY_SPACE unsigned char *const golden =
        (const TINY_SPACE unsigned char *)expected->golden + tiny_test_example * bytes;
    for (int32_t i = 0; i < bytes; i++) {
        if (actual[i] != golden[i]) {
            printf("example %d: tensor ", (int)tiny_test_example);
            for (int32_t k = 0; expected->name[k] != 0; k++) {
                putchar(expected->name[k]);
            }
            printf(" differs from code %ld on\n", (long)(i / expected->bytes));
            tiny_test_failures++;
            return;
        }
    }
}

/* Returns how many tensors differ. */
#ifdef __cplusplus
extern "C"
#endif
int tiny_test(void);

int tiny_test(void)
{
    static int8_t input[TINY_INPUT_SIZE];
    static int8_t output[TINY_OUTPUT_SIZE];
    static int8_t arena[TINY_ARENA_LENGTH];
    tiny_test_failures = 0;
    for (tiny_test_example = 0; tiny_test_example < 4; tiny_test_example++) {
        for (int32_t i = 0; i < TINY_INPUT_SIZE; i++) {
            input[i] = tiny_test_golden_input[tiny_test_example * TINY_INPUT_SIZE + i];
        }
        memset(arena, 0x55, sizeof arena);
        memset(output, 0x55, sizeof output);
        tiny_run_in(arena, input, output);
        tiny_test_check(4, output);
#ifndef TINY_NO_STATIC_ARENA
        memset(output, 0x55, sizeof output);
        tiny_run(input, output);
        tiny_test_check(4, output);
#endif
    }
    printf("tiny: %d tensors of %d examples, %d differ\n", 4, 4, tiny_test_failures);
    return tiny_test_failures;
}

#ifndef TINY_TEST_NO_MAIN

int main(void)
{
    return tiny_test() != 0;
}

#endif

#endif
