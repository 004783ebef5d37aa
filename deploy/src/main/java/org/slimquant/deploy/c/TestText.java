package org.slimquant.deploy.c;

/**
 * The text of the test program. {@code $name} and {@code $MACRO} stand for the model's name.
 *
 * <p>The source is included with functions of other names, so that it can be linked with the source
 * by itself.
 */
final class TestText {

  private TestText() {}

  static final String HEAD =
      """
      /* Tries $name.c, made by SlimQuant: runs it, and compares each tensor with what it must be.
       *
       *     cc -D$MACRO_TEST $name_test.c -o $name_test && ./$name_test
       *
       * Returns 0 if all are the same. Without $MACRO_TEST this file is empty, so that it can lie in a
       * folder of which every file is compiled. For a device whose main function is another's: with
       * $MACRO_TEST_NO_MAIN there is none here, and $name_test() returns how many tensors differ. */

      #include <stdint.h>

      #ifdef $MACRO_TEST

      static void $name_test_check(int32_t tensor, const void *codes);
      #define $MACRO_TRACE(tensor, codes) $name_test_check(tensor, codes)
      #define $name_run $name_test_run
      #define $name_run_in $name_test_run_in
      #include "$name.c"

      #include <stdio.h>

      """;

  static final String PROGRAM =
      """
      struct $name_test_tensor {
          char name[$LONGEST];
          int32_t bytes;   /* of an element */
          int32_t size;
          const $MACRO_SPACE void *golden;
      };

      $CONSTANTstruct $name_test_tensor $name_test_tensors[$COUNT] = {
      $ROWS
      };

      static int32_t $name_test_example;
      static int $name_test_failures;

      /* Compares a tensor with what it must be, and tells the first code that is not. */
      static void $name_test_check(int32_t tensor, const void *codes)
      {
          const $MACRO_SPACE struct $name_test_tensor *const expected = &$name_test_tensors[tensor];
          const int32_t bytes = expected->bytes * expected->size;
          const unsigned char *const actual = (const unsigned char *)codes;
          const $MACRO_SPACE unsigned char *const golden =
              (const $MACRO_SPACE unsigned char *)expected->golden + $name_test_example * bytes;
          for (int32_t i = 0; i < bytes; i++) {
              if (actual[i] != golden[i]) {
                  printf("example %d: tensor ", (int)$name_test_example);
                  for (int32_t k = 0; expected->name[k] != 0; k++) {
                      putchar(expected->name[k]);
                  }
                  printf(" differs from code %ld on\\n", (long)(i / expected->bytes));
                  $name_test_failures++;
                  return;
              }
          }
      }

      /* Returns how many tensors differ. */
      #ifdef __cplusplus
      extern "C"
      #endif
      int $name_test(void);

      int $name_test(void)
      {
          static $IN input[$MACRO_INPUT_SIZE];
          static $OUT output[$MACRO_OUTPUT_SIZE];
          static $UNIT arena[$MACRO_ARENA_LENGTH];
          $name_test_failures = 0;
          for ($name_test_example = 0; $name_test_example < $EXAMPLES; $name_test_example++) {
              for (int32_t i = 0; i < $MACRO_INPUT_SIZE; i++) {
                  input[i] = $name_test_golden_input[$name_test_example * $MACRO_INPUT_SIZE + i];
              }
              memset(arena, 0x55, sizeof arena);
              memset(output, 0x55, sizeof output);
              $name_run_in(arena, input, output);
              $name_test_check($OUTPUT, output);
      #ifndef $MACRO_NO_STATIC_ARENA
              memset(output, 0x55, sizeof output);
              $name_run(input, output);
              $name_test_check($OUTPUT, output);
      #endif
          }
          printf("$name: %d tensors of %d examples, %d differ\\n", $TENSORS, $EXAMPLES, $name_test_failures);
          return $name_test_failures;
      }

      #ifndef $MACRO_TEST_NO_MAIN

      int main(void)
      {
          return $name_test() != 0;
      }

      #endif

      #endif
      """;
}
