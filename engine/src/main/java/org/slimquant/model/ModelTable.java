package org.slimquant.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slimquant.format.Exponents;
import org.slimquant.io.TextTable;

/**
 * Writes a model as a table.
 *
 * <pre>{@code
 * op      type     kernel                       shift  output  shape       format       clamped to
 *                                                      images  [8, 8, 1]   int8 * 2^-4
 * conv1   Conv2D   [3, 3, 1, 16] int8 * 2^-6    5      relu1   [8, 8, 16]  int8 * 2^-5  0 .. 127
 * }</pre>
 *
 * <p>If there are several outputs, a line after the table lists them.
 */
final class ModelTable {

  private static final List<String> HEADER =
      List.of("op", "type", "kernel", "shift", "output", "shape", "format", "clamped to");

  private ModelTable() {}

  static String of(IntegerModel model) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    model.inputs().forEach(input -> rows.add(row("", "", "", "", input, "")));
    for (IntegerOp op : model.ops()) {
      rows.add(row(op));
    }
    return TextTable.of(rows) + outputs(model);
  }

  private static String outputs(IntegerModel model) {
    return model.outputs().size() == 1
        ? ""
        : model.outputs().stream()
            .map(IntegerTensor::name)
            .collect(Collectors.joining(", ", "\noutputs: ", ""));
  }

  private static List<String> row(IntegerOp op) {
    String kernel = "";
    String shift = "";
    if (op instanceof WeightedOp layer) {
      kernel = kernel(layer.kernel());
      shift =
          Exponents.range(IntStream.range(0, layer.channels()).map(layer::shift).boxed().toList());
    }
    boolean cut = !op.range().equals(CodeRange.all(op.output().format()));
    return row(op.name(), op.type(), kernel, shift, op.output(), cut ? op.range().toString() : "");
  }

  private static List<String> row(
      String op, String type, String kernel, String shift, IntegerTensor output, String range) {
    return List.of(
        op,
        type,
        kernel,
        shift,
        output.name(),
        output.shape().toString(),
        output.format().toString(),
        range);
  }

  private static String kernel(Kernel kernel) {
    return "%s %s%d * 2^%s"
        .formatted(
            kernel.shape(),
            kernel.signed() ? "int" : "uint",
            kernel.bits(),
            Exponents.range(kernel.exponents()));
  }
}
