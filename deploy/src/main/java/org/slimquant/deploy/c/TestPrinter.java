package org.slimquant.deploy.c;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/**
 * Prints the test program: inputs, the codes of each tensor for them, and the comparison.
 *
 * <p>It includes the source with functions of other names, so that it can be linked with the source
 * itself.
 */
final class TestPrinter {

  private static final Template TEST = Template.of("frame/test.c.in");

  private TestPrinter() {}

  /** Returns the program. */
  static String text(CProgram program, TestExamples examples) {
    IntegerModel model = program.model();
    List<IntegerTensor> tensors = model.tensors();
    CText golden = new CText();
    CText rows = new CText();
    int longest = 0;
    for (int number = 0; number < tensors.size(); number++) {
      IntegerTensor tensor = tensors.get(number);
      String table =
          program
              .name()
              .prefixed("test_golden_" + (number == 0 ? "input" : String.valueOf(number)));
      golden
          .line("/* %s */".formatted(CText.describe(tensor)))
          .table(
              CText.constant(program.name()),
              CType.of(tensor).text,
              table,
              String.valueOf((long) examples.count() * tensor.size()),
              Arrays.stream(examples.of(tensor)))
          .blank();
      rows.line(
          "    {%s, %s, %s, %s},"
              .formatted(
                  CNames.quoted(tensor.name()), CType.of(tensor).bytes, tensor.size(), table));
      longest = Math.max(longest, CNames.printable(tensor.name()).length());
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("golden", golden.toString());
    values.put("rows", rows.toString());
    values.put("name_length", String.valueOf(longest + 1));
    values.put("tensors", String.valueOf(tensors.size()));
    values.put("ops", String.valueOf(model.ops().size()));
    values.put("examples", String.valueOf(examples.count()));
    values.put("output_number", String.valueOf(tensors.indexOf(model.output())));
    values.put("arena_t", program.arena().unit().text);
    values.put("input_t", program.inputType().text);
    values.put("output_t", program.outputType().text);
    return TEST.fill(program.name(), values);
  }
}
