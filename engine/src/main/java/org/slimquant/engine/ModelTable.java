package org.slimquant.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes a model as a table.
 *
 * <pre>{@code
 * op      type     kernel                       shift  output  shape       format       clamped to
 *                                                      images  [8, 8, 1]   int8 * 2^-4
 * conv1   Conv2D   [3, 3, 1, 16] int8 * 2^-6    5      relu1   [8, 8, 16]  int8 * 2^-5  0 .. 127
 * }</pre>
 */
final class ModelTable {

  private static final List<String> HEADER =
      List.of("op", "type", "kernel", "shift", "output", "shape", "format", "clamped to");

  private ModelTable() {}

  static String of(IntegerModel model) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    rows.add(row("", "", "", "", model.input(), ""));
    for (IntegerOp op : model.ops()) {
      rows.add(row(op));
    }
    return table(rows);
  }

  private static List<String> row(IntegerOp op) {
    String kernel = "";
    String shift = "";
    if (op instanceof WeightedOp layer) {
      kernel = kernel(layer.kernel());
      shift = range(IntStream.range(0, layer.channels()).map(layer::shift).toArray());
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
    int[] exponents = kernel.exponents().stream().mapToInt(Integer::intValue).toArray();
    return "%s %s%d * 2^%s"
        .formatted(
            kernel.shape(), kernel.signed() ? "int" : "uint", kernel.bits(), range(exponents));
  }

  private static String range(int[] numbers) {
    int min = IntStream.of(numbers).min().orElseThrow();
    int max = IntStream.of(numbers).max().orElseThrow();
    return min == max ? String.valueOf(min) : min + ".." + max;
  }

  private static String table(List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, widths.length)
                    .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .collect(Collectors.joining("\n"));
  }
}
