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
    for (IntegerTensor tensor : tensors) {
      String table = golden(program, tensor);
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
    values.put("arena_t", program.arena().unit().text);
    values.put("arrays", arrays(program));
    values.put("inputs", inputs(program));
    values.put("clear", clear(program));
    values.put("arguments", program.parameters().arguments());
    values.put("check", check(program));
    return TEST.fill(program.name(), values);
  }

  /** Returns the name of the table of a tensor's codes. */
  private static String golden(CProgram program, IntegerTensor tensor) {
    List<CParameter> inputs = program.parameters().inputs();
    String which =
        inputs.stream()
            .filter(input -> input.tensor().equals(tensor))
            .map(CParameter::name)
            .findFirst()
            .orElseGet(() -> String.valueOf(program.model().tensors().indexOf(tensor)));
    return program.name().prefixed("test_golden_" + which);
  }

  private static String arrays(CProgram program) {
    CText text = new CText();
    for (CParameter parameter : program.parameters().all()) {
      text.line(
          "    static %s %s[%s];"
              .formatted(parameter.type().text, parameter.name(), size(program, parameter)));
    }
    return text.toString();
  }

  private static String size(CProgram program, CParameter parameter) {
    return program.name().macro(parameter.macro() + "_SIZE");
  }

  private static String inputs(CProgram program) {
    CText text = new CText();
    for (CParameter input : program.parameters().inputs()) {
      String size = size(program, input);
      text.line("        for (int32_t i = 0; i < %s; i++) {".formatted(size))
          .line(
              "            %s[i] = %s[%s * %s + i];"
                  .formatted(
                      input.name(),
                      golden(program, input.tensor()),
                      program.name().prefixed("test_example"),
                      size))
          .line("        }");
    }
    return text.toString();
  }

  private static String clear(CProgram program) {
    CText text = new CText();
    for (CParameter output : program.parameters().outputs()) {
      text.line("        memset(%s, 0x55, sizeof %1$s);".formatted(output.name()));
    }
    return text.toString();
  }

  private static String check(CProgram program) {
    CText text = new CText();
    List<IntegerTensor> tensors = program.model().tensors();
    for (CParameter output : program.parameters().outputs()) {
      text.line(
          "        %s(%s, %s);"
              .formatted(
                  program.name().prefixed("test_check"),
                  tensors.indexOf(output.tensor()),
                  output.name()));
    }
    return text.toString();
  }
}
