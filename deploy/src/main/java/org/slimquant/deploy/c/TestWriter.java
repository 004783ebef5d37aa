package org.slimquant.deploy.c;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * Writes the test program: inputs, what each tensor must be for them, computed by {@link
 * IntegerEngine}, and the comparison.
 */
final class TestWriter {

  private static final int MOST_EXAMPLES = 4;
  private static final int MOST_CODES = 1 << 18;

  private final IntegerModel model;
  private final ModelName name;
  private final int examples;
  private final Map<String, int[]> golden;
  private final CText tables = new CText();
  private final CText rows = new CText();

  private TestWriter(IntegerModel model, ModelName name) {
    this.model = model;
    this.name = name;
    int[] input = inputs(model);
    examples = input.length / model.input().size();
    golden = IntegerEngine.of(model).trace(input);
  }

  static String text(IntegerModel model, ModelName name) {
    return new TestWriter(model, name).text();
  }

  private String text() {
    add(model.input(), "golden_input");
    int number = 0;
    for (IntegerOp op : model.ops()) {
      number++;
      add(op.output(), "golden_" + number);
    }
    int longest =
        model.tensors().stream().mapToInt(t -> CNames.printable(t.name()).length()).max().orElse(0);
    String program =
        name.fill(TestText.PROGRAM)
            .replace("$LONGEST", String.valueOf(longest + 1))
            .replace("$CONSTANT", CText.constant(name))
            .replace("$COUNT", String.valueOf(model.ops().size() + 1))
            .replace("$EXAMPLES", String.valueOf(examples))
            .replace("$TENSORS", String.valueOf(model.ops().size()))
            .replace("$OUTPUT", String.valueOf(model.tensors().indexOf(model.output())))
            .replace("$IN", CType.of(model.input()).text)
            .replace("$OUT", CType.of(model.output()).text)
            .replace("$UNIT", new Arena(model).unit().text)
            .replace("$ROWS\n", rows.toString());
    return name.fill(TestText.HEAD) + tables + program;
  }

  private void add(IntegerTensor tensor, String word) {
    int[] codes = golden.getOrDefault(tensor.name(), new int[0]);
    CType type = CType.of(tensor);
    String table = name.prefixed("test_" + word);
    tables
        .line("/* %s */".formatted(CText.describe(tensor)))
        .table(
            CText.constant(name),
            type.text,
            table,
            String.valueOf((long) examples * tensor.size()),
            Arrays.stream(codes))
        .blank();
    rows.line(
        "    {%s, %s, %s, %s},"
            .formatted(CNames.quoted(tensor.name()), type.bytes, tensor.size(), table));
  }

  /** Returns random codes, the largest everywhere, the smallest everywhere, and only extremes. */
  private static int[] inputs(IntegerModel model) {
    long codes = model.tensors().stream().mapToLong(IntegerTensor::size).sum();
    int examples = (int) Math.max(1, Math.min(MOST_EXAMPLES, MOST_CODES / codes));
    FixedPoint format = model.input().format();
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
}
