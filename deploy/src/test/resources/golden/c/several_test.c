/* Tries several.c, made by SlimQuant: runs it, and compares each tensor with what it must be.
 *
 *     cc -DSEVERAL_TEST several_test.c -o several_test && ./several_test
 *
 * Returns 0 if all are the same. Without SEVERAL_TEST this file is empty, so that it can lie in a
 * folder of which every file is compiled. For a device whose main function is another's: with
 * SEVERAL_TEST_NO_MAIN there is none here, and several_test() returns how many tensors differ. */

#include <stdint.h>

#ifdef SEVERAL_TEST

static void several_test_check(int32_t tensor, const void *codes);
#define SEVERAL_TRACE(tensor, codes) several_test_check(tensor, codes)
#define several_run several_test_run
#define several_run_in several_test_run_in
#include "several.c"

#include <stdio.h>

/* left [2, 3, 1] int8 * 2^-4 */
SEVERAL_CONST static const SEVERAL_SPACE int8_t several_test_golden_input_1[24] = {
    -7, -99, 12, -125, 73, 76, 127, 127, 127, 127, 127, 127, -127, -127, -127, -127, -127, -127,
    -127, 127, -127, -127, 127, 127,
};

/* right/image:0 [2, 3, 1] uint16 * 2^-9 */
SEVERAL_CONST static const SEVERAL_SPACE uint16_t several_test_golden_input_2[24] = {
    25243, 40175, 64542, 64410, 57618, 1512, 65535, 65535, 65535, 65535, 65535, 65535, 0, 0, 0, 0,
    0, 0, 0, 65535, 65535, 65535, 65535, 65535,
};

/* flat [6] int8 * 2^-4 */
SEVERAL_CONST static const SEVERAL_SPACE int8_t several_test_golden_2[24] = {
    -7, -99, 12, -125, 73, 76, 127, 127, 127, 127, 127, 127, -127, -127, -127, -127, -127, -127,
    -127, 127, -127, -127, 127, 127,
};

/* sum [2, 3, 1] uint16 * 2^-9 */
SEVERAL_CONST static const SEVERAL_SPACE uint16_t several_test_golden_3[24] = {
    25019, 37007, 64926, 60410, 59954, 3944, 65535, 65535, 65535, 65535, 65535, 65535, 0, 0, 0, 0,
    0, 0, 0, 65535, 61471, 61471, 65535, 65535,
};

/* rows [1, 6] uint16 * 2^-9 */
SEVERAL_CONST static const SEVERAL_SPACE uint16_t several_test_golden_4[24] = {
    25019, 37007, 64926, 60410, 59954, 3944, 65535, 65535, 65535, 65535, 65535, 65535, 0, 0, 0, 0,
    0, 0, 0, 65535, 61471, 61471, 65535, 65535,
};

/* last [2, 3, 1] int8 * 2^-4 */
SEVERAL_CONST static const SEVERAL_SPACE int8_t several_test_golden_5[24] = {
    127, 127, 127, -116, 102, 8, 127, 127, 127, -127, -127, 127, 0, 0, 0, 0, 0, 0, 127, 127, 127,
    -127, -127, 127,
};

struct several_test_tensor {
    char name[14];
    int32_t bytes;   /* of an element */
    int32_t size;
    const SEVERAL_SPACE void *golden;
};

SEVERAL_CONST static const SEVERAL_SPACE struct several_test_tensor several_test_tensors[6] = {
    {"left", 1, 6, several_test_golden_input_1},
    {"right/image:0", 2, 6, several_test_golden_input_2},
    {"flat", 1, 6, several_test_golden_2},
    {"sum", 2, 6, several_test_golden_3},
    {"rows", 2, 6, several_test_golden_4},
    {"last", 1, 6, several_test_golden_5},
};

static int32_t several_test_example;
static int several_test_failures;

/* Compares a tensor with what it must be, and tells the first code that is not. */
static void several_test_check(int32_t tensor, const void *codes)
{
    const SEVERAL_SPACE struct several_test_tensor *const expected = &several_test_tensors[tensor];
    const int32_t bytes = expected->bytes * expected->size;
    const unsigned char *const actual = (const unsigned char *)codes;
    const SEVERAL_SPACE unsigned char *const golden =
        (const SEVERAL_SPACE unsigned char *)expected->golden + several_test_example * bytes;
    for (int32_t i = 0; i < bytes; i++) {
        if (actual[i] != golden[i]) {
            printf("example %d: tensor ", (int)several_test_example);
            for (int32_t k = 0; expected->name[k] != 0; k++) {
                putchar(expected->name[k]);
            }
            printf(" differs from code %ld on\n", (long)(i / expected->bytes));
            several_test_failures++;
            return;
        }
    }
}

/* Returns how many tensors differ. */
#ifdef __cplusplus
extern "C"
#endif
int several_test(void);

int several_test(void)
{
    static int8_t input_1[SEVERAL_INPUT_1_SIZE];
    static uint16_t input_2[SEVERAL_INPUT_2_SIZE];
    static uint16_t output_1[SEVERAL_OUTPUT_1_SIZE];
    static int8_t output_2[SEVERAL_OUTPUT_2_SIZE];
    static int8_t output_3[SEVERAL_OUTPUT_3_SIZE];
    static uint16_t output_4[SEVERAL_OUTPUT_4_SIZE];
    static int8_t output_5[SEVERAL_OUTPUT_5_SIZE];
    static int16_t arena[SEVERAL_ARENA_LENGTH];
    several_test_failures = 0;
    for (several_test_example = 0; several_test_example < 4; several_test_example++) {
        for (int32_t i = 0; i < SEVERAL_INPUT_1_SIZE; i++) {
            input_1[i] = several_test_golden_input_1[several_test_example * SEVERAL_INPUT_1_SIZE + i];
        }
        for (int32_t i = 0; i < SEVERAL_INPUT_2_SIZE; i++) {
            input_2[i] = several_test_golden_input_2[several_test_example * SEVERAL_INPUT_2_SIZE + i];
        }
        memset(arena, 0x55, sizeof arena);
        memset(output_1, 0x55, sizeof output_1);
        memset(output_2, 0x55, sizeof output_2);
        memset(output_3, 0x55, sizeof output_3);
        memset(output_4, 0x55, sizeof output_4);
        memset(output_5, 0x55, sizeof output_5);
        several_run_in(arena, input_1, input_2, output_1, output_2, output_3, output_4, output_5);
        several_test_check(4, output_1);
        several_test_check(0, output_2);
        several_test_check(5, output_3);
        several_test_check(3, output_4);
        several_test_check(2, output_5);
#ifndef SEVERAL_NO_STATIC_ARENA
        memset(output_1, 0x55, sizeof output_1);
        memset(output_2, 0x55, sizeof output_2);
        memset(output_3, 0x55, sizeof output_3);
        memset(output_4, 0x55, sizeof output_4);
        memset(output_5, 0x55, sizeof output_5);
        several_run(input_1, input_2, output_1, output_2, output_3, output_4, output_5);
        several_test_check(4, output_1);
        several_test_check(0, output_2);
        several_test_check(5, output_3);
        several_test_check(3, output_4);
        several_test_check(2, output_5);
#endif
    }
    printf("several: %d tensors of %d examples, %d differ\n", 4, 4, several_test_failures);
    return several_test_failures;
}

#ifndef SEVERAL_TEST_NO_MAIN

int main(void)
{
    return several_test() != 0;
}

#endif

#endif
