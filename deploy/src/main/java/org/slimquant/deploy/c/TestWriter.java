package org.slimquant.deploy.c;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.TensorFormat;

/**
 * Writes the test program: inputs, what each tensor must be for them, computed by {@link
 * IntegerEngine}, and the comparison.
 */
final class TestWriter {

  private static final int MOST_EXAMPLES = 4;
  private static final int MOST_CODES = 1 << 18;

  private TestWriter() {}

  static String text(IntegerModel model, String name) {
    String macro = name.toUpperCase(Locale.ROOT);
    int[] input = inputs(model);
    int examples = input.length / model.input().size();
    Map<String, int[]> golden = IntegerEngine.of(model).trace(input);

    CText text = new CText();
    text.block(
        """
        /* Tries $name.c: runs it, and compares each tensor with what it must be.
         *
         *     cc $name_test.c -o $name_test && ./$name_test
         *
         * Returns 0 if all are the same. */

        #include <stdint.h>

        static void check(int32_t tensor, const void *codes);
        #define $MACRO_TRACE(tensor, codes) check(tensor, codes)
        #include "$name.c"

        #include <stdio.h>

        #define EXAMPLES $EXAMPLES

        """
            .replace("$name", name)
            .replace("$MACRO", macro)
            .replace("$EXAMPLES", String.valueOf(examples)));
    CText rows = new CText();
    rows.line(row(model.input(), "golden_input"));
    golden(text, model.input(), "golden_input", golden);
    int number = 0;
    for (IntegerOp op : model.ops()) {
      number++;
      String table = "golden_" + number;
      golden(text, op.output(), table, golden);
      rows.line(row(op.output(), table));
    }
    return text.block(
            PROGRAM
                .replace("$name", name)
                .replace("$MACRO", macro)
                .replace("$ROWS\n", rows.toString())
                .replace("$COUNT", String.valueOf(model.ops().size() + 1))
                .replace("$OUTPUT", String.valueOf(outputNumber(model)))
                .replace("$IN", CType.of(model.input()).text)
                .replace("$OUT", CType.of(model.output()).text)
                .replace("$UNIT", new Arena(model).unit().text))
        .toString();
  }

  private static void golden(
      CText text, IntegerTensor tensor, String table, Map<String, int[]> golden) {
    int[] codes = golden.getOrDefault(tensor.name(), new int[0]);
    text.line("/* %s */".formatted(CText.describe(tensor)))
        .table(CType.of(tensor).text, table, "EXAMPLES * " + tensor.size(), Arrays.stream(codes))
        .blank();
  }

  private static String row(IntegerTensor tensor, String table) {
    CType type = CType.of(tensor);
    return "    {%s, %s, %s, %s},"
        .formatted(CNames.quoted(tensor.name()), type.bytes, tensor.size(), table);
  }

  private static int outputNumber(IntegerModel model) {
    return model.tensors().indexOf(model.output());
  }

  /** Returns random codes, the largest everywhere, the smallest everywhere, and only extremes. */
  private static int[] inputs(IntegerModel model) {
    long codes = model.tensors().stream().mapToLong(IntegerTensor::size).sum();
    int examples = (int) Math.max(1, Math.min(MOST_EXAMPLES, MOST_CODES / codes));
    TensorFormat format = model.input().format();
    int size = model.input().size();
    int[] inputs = new int[examples * size];
    Random random = new Random(0);
    for (int i = 0; i < inputs.length; i++) {
      int min = format.minCode();
      int max = format.maxCode();
      inputs[i] =
          switch (i / size) {
            case 0 -> min + random.nextInt(max - min + 1);
            case 1 -> max;
            case 2 -> min;
            default -> random.nextBoolean() ? min : max;
          };
    }
    return inputs;
  }

  private static final String PROGRAM =
      """
      static const struct {
          const char *name;
          size_t bytes;
          size_t size;
          const void *golden;
      } tensors[$COUNT] = {
      $ROWS
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
                  printf("example %d: tensor %s differs from code %d on\\n", (int)example,
                         tensors[tensor].name, (int)(i / tensors[tensor].bytes));
                  failures++;
                  return;
              }
          }
      }

      int main(void)
      {
          static $OUT output[$MACRO_OUTPUT_SIZE];
          static $UNIT arena[$MACRO_ARENA_LENGTH];
          for (example = 0; example < EXAMPLES; example++) {
              const $IN *const input = golden_input + example * $MACRO_INPUT_SIZE;
              memset(arena, 0x55, sizeof arena);
              memset(output, 0x55, sizeof output);
              $name_run_in(arena, input, output);
              check($OUTPUT, output);
      #ifndef $MACRO_NO_STATIC_ARENA
              memset(output, 0x55, sizeof output);
              $name_run(input, output);
              check($OUTPUT, output);
      #endif
          }
          printf("$name: %d tensors of %d examples, %d differ\\n", $COUNT - 1, EXAMPLES, failures);
          return failures != 0;
      }
      """;
}
