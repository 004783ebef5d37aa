package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerOp;

/**
 * Prints the source of a program: macros, functions, the constants of the layers, and the run.
 *
 * <pre>{@code
 * void lenet_run_in(int8_t *arena, const int8_t *input, int8_t *output)
 * {
 *     int8_t *const relu1_codes = arena;
 *     …
 *     lenet_conv2d_s8_s8(
 *         &lenet_Conv1_layer, input, lenet_Conv1_kernel, lenet_Conv1_bias, arena + 15680, relu1_codes);
 *     LENET_TRACE(1, relu1_codes);
 *     …
 * }
 * }</pre>
 */
final class SourcePrinter {

  private static final Template SOURCE = Template.of("frame/source.c.in");
  private static final Template RESTRICT = Template.of("frame/restrict.c.in");
  private static final Template STEP = Template.of("frame/step.c.in");
  private static final Template STRUCT = Template.of("frame/layer.c.in");

  private final CProgram program;
  private final ModelName name;

  private SourcePrinter(CProgram program) {
    this.program = program;
    name = program.name();
  }

  /** Returns the source. */
  static String text(CProgram program) {
    return new SourcePrinter(program).text();
  }

  private String text() {
    boolean functions = !program.functions().isEmpty();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("title", CNames.comment(program.model().name()));
    values.put("hash", HeaderPrinter.hash(program));
    values.put("restrict", functions ? RESTRICT.fill(name, Map.of()) : "");
    values.put("step", program.needsStep() ? STEP.fill(name, Map.of()) : "");
    values.put("struct", program.hasLayers() ? "\n" + STRUCT.fill(name, Map.of()) : "");
    values.put("functions", functions ? "\n" + functions() : "");
    values.put("tables", constants());
    values.put("arena_t", program.arena().unit().text);
    values.put("parameters", program.parameters().declarations());
    values.put("arguments", program.parameters().arguments());
    values.put("pointers", pointers());
    values.put("calls", calls());
    return SOURCE.fill(name, values);
  }

  private String functions() {
    return program.functions().stream().map(CFunction::text).collect(Collectors.joining("\n"));
  }

  private String constants() {
    CText text = new CText();
    for (CConstant constant : program.constants()) {
      if (constant instanceof LayerStruct layer) {
        print(layer, text);
      } else if (constant instanceof CTable table) {
        print(table, text);
      }
    }
    return text.toString();
  }

  private void print(LayerStruct layer, CText text) {
    text.blank()
        .line(
            "%sstruct %s %s = {"
                .formatted(
                    CText.constant(name), name.prefixed("layer"), name.prefixed(layer.name())));
    for (List<String> line : LayerStruct.LINES) {
      String values =
          line.stream().map(field -> layer.value(field) + ",").collect(Collectors.joining(" "));
      text.line("    %-24s /* %s */".formatted(values, String.join(", ", line)));
    }
    text.line("};");
  }

  private void print(CTable table, CText text) {
    int size = table.numbers().size();
    String length =
        table.inSteps() ? "%s + %s - 1".formatted(size, name.macro("STEP")) : String.valueOf(size);
    if (!table.comment().isEmpty()) {
      text.line("/* %s */".formatted(table.comment()));
    }
    text.table(
        CText.constant(name),
        table.type(),
        name.prefixed(table.name()),
        length,
        table.numbers().stream());
  }

  private String pointers() {
    CText text = new CText();
    for (TensorPointers.Pointer pointer : program.pointers()) {
      text.line(
          "    %s%s *const %s = %s;"
              .formatted(
                  pointer.readOnly() ? "const " : "",
                  pointer.type().text,
                  pointer.name(),
                  pointer.place()));
    }
    return text.toString();
  }

  private String calls() {
    CText text = new CText();
    int number = program.model().inputs().size() - 1;
    for (OpCalls op : program.calls()) {
      describe(op.op(), text);
      for (CStatement statement : op.statements()) {
        if (statement instanceof CStatement.Call call) {
          text.call(call.function().name(), call.arguments());
        } else if (statement instanceof CStatement.CallLoops loops) {
          text.block(LoopPrinter.text(name, loops));
        } else if (statement instanceof CStatement.PadLoops loops) {
          text.block(PadPrinter.text(name, loops));
        } else if (statement instanceof CStatement.CopyLoops loops) {
          text.block(CopyPrinter.text(name, loops));
        }
      }
      number++;
      text.line("    %s(%s, %s);".formatted(name.macro("TRACE"), number, op.output()));
    }
    if (!program.copies().isEmpty()) {
      text.blank();
    }
    program
        .copies()
        .forEach(
            (output, array) ->
                text.line(
                    "    memcpy(%s, %s, %s * sizeof *%1$s);"
                        .formatted(output.name(), array.name(), output.tensor().size())));
    return text.toString();
  }

  private static void describe(IntegerOp op, CText text) {
    boolean clamped = !op.range().equals(CodeRange.all(op.output().format()));
    text.blank().line("    /* %s: %s".formatted(CNames.comment(op.name()), op.type()));
    op.inputs().forEach(input -> text.line("     * " + CText.describe(input)));
    text.line(
        "     * -> %s%s */"
            .formatted(CText.describe(op.output()), clamped ? ", clamped to " + op.range() : ""));
  }
}
