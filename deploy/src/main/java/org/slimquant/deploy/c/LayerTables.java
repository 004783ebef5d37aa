package org.slimquant.deploy.c;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;

/**
 * Writes the constants of layers, and counts their bytes.
 *
 * <pre>{@code
 * LENET_CONST static const LENET_SPACE struct lenet_layer lenet_Conv1_layer = {
 *     28, 28, 1, // rows, columns, depth
 *     …
 * };
 * LENET_CONST static const LENET_SPACE int8_t lenet_Conv1_kernel[144 + LENET_STEP - 1] = { … };
 * LENET_CONST static const LENET_SPACE int32_t lenet_Conv1_bias[16] = { … };
 * }</pre>
 *
 * <p>A struct has a value for each field, in order: C++ before 2020 has no names for them.
 *
 * <p>A table that several layers have in common, as those of a layer that is called several times,
 * is there once.
 */
final class LayerTables {

  private static final String STRUCT =
      """
      struct $LAYER {
          int32_t rows, columns, depth;                    /* input */
          int32_t height, width;                           /* window */
          int32_t stride_down, stride_across;
          int32_t dilation_down, dilation_across;
          int32_t top, left;                               /* padding before the input */
          int32_t output_rows, output_columns, channels;   /* output */
          int32_t inputs;                                  /* weights for each output channel */
          int32_t shift;                                   /* from sum to code, if one for all */
          int32_t min, max;                                /* what codes are clamped to */
      };
      """;

  /** The fields as they stand in the struct. */
  private static final List<List<String>> LINES =
      List.of(
          List.of("rows", "columns", "depth"),
          List.of("height", "width"),
          List.of("stride_down", "stride_across"),
          List.of("dilation_down", "dilation_across"),
          List.of("top", "left"),
          List.of("output_rows", "output_columns", "channels"),
          List.of("inputs"),
          List.of("shift"),
          List.of("min", "max"));

  private static final int STRUCT_BYTES = LINES.stream().mapToInt(List::size).sum() * Integer.BYTES;

  private final CText text = new CText();
  private final ModelName model;

  // The first tables that hold something, and the tables that others are instead.
  private final Map<Content, String> tables = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private long kernelBytes;
  private long otherBytes;

  /** Creates empty tables of a model. */
  LayerTables(ModelName model) {
    this.model = model;
  }

  /** Returns the struct that describes a layer. */
  String struct() {
    return STRUCT.replace("$LAYER", model.prefixed("layer"));
  }

  String text() {
    return text.toString();
  }

  boolean empty() {
    return otherBytes == 0;
  }

  long kernelBytes() {
    return kernelBytes;
  }

  long otherBytes() {
    return otherBytes;
  }

  /** Writes a layer with weights. */
  void add(String layer, WeightedOp op, Scaling scaling) {
    Map<String, Integer> fields = new LinkedHashMap<>();
    if (op instanceof Conv2D conv) {
      fields.putAll(fields(conv.window(), conv.input(), conv.output()));
    } else if (op instanceof DepthwiseConv2D conv) {
      fields.putAll(fields(conv.window(), conv.input(), conv.output()));
    }
    fields.put("channels", op.channels());
    fields.put("inputs", op.kernel().codes().size() / op.channels());
    if (!scaling.perChannel()) {
      fields.put("shift", scaling.shifts().get(0));
    }
    fields.putAll(fields(op.range()));
    addStruct(layer, fields);
    addKernel(layer, op);
    if (addTable(
        "", "int32_t", layer + "_bias", String.valueOf(op.channels()), op.bias().stream())) {
      otherBytes += (long) Integer.BYTES * op.channels();
    }
    if (scaling.perChannel()
        && addTable(
            "",
            "int8_t",
            layer + "_shifts",
            String.valueOf(op.channels()),
            scaling.shifts().stream())) {
      otherBytes += op.channels();
    }
  }

  /** Writes a pooling. */
  void add(String layer, MaxPool pool) {
    addStruct(layer, fields(pool.window(), pool.input(), pool.output()));
  }

  /** Writes a pooling. */
  void add(String layer, AveragePool pool) {
    Map<String, Integer> fields = fields(pool.window(), pool.input(), pool.output());
    fields.putAll(fields(pool.range()));
    addStruct(layer, fields);
  }

  private static Map<String, Integer> fields(
      Window window, IntegerTensor input, IntegerTensor output) {
    Map<String, Integer> fields = new LinkedHashMap<>();
    fields.put("rows", input.shape().get(0));
    fields.put("columns", input.shape().get(1));
    fields.put("depth", input.shape().get(2));
    fields.put("height", window.height());
    fields.put("width", window.width());
    fields.put("stride_down", window.strideHeight());
    fields.put("stride_across", window.strideWidth());
    fields.put("dilation_down", window.dilationHeight());
    fields.put("dilation_across", window.dilationWidth());
    fields.put("top", window.padding().top());
    fields.put("left", window.padding().left());
    fields.put("output_rows", window.outputRows(input.shape().get(0)));
    fields.put("output_columns", window.outputColumns(input.shape().get(1)));
    fields.put("channels", output.shape().get(output.rank() - 1));
    return fields;
  }

  private static Map<String, Integer> fields(CodeRange range) {
    Map<String, Integer> fields = new LinkedHashMap<>();
    fields.put("min", range.min());
    fields.put("max", range.max());
    return fields;
  }

  private void addStruct(String layer, Map<String, Integer> fields) {
    text.blank()
        .line(
            "%sstruct %s %s = {"
                .formatted(
                    CText.constant(model),
                    model.prefixed("layer"),
                    model.prefixed(layer + "_layer")));
    for (List<String> line : LINES) {
      String values =
          line.stream()
              .map(field -> fields.getOrDefault(field, 0) + ",")
              .collect(Collectors.joining(" "));
      text.line("    %-24s /* %s */".formatted(values, String.join(", ", line)));
    }
    text.line("};");
    otherBytes += STRUCT_BYTES;
  }

  /**
   * Writes a kernel: a row for each output channel, or as it is where each has an input channel.
   */
  private void addKernel(String layer, WeightedOp op) {
    Kernel kernel = op.kernel();
    CType type = CType.of(kernel);
    boolean rows = !(op instanceof DepthwiseConv2D);
    int size = kernel.codes().size();
    int channels = op.channels();
    int inputs = size / channels;
    String comment =
        "/* %s %sint%s, %s */"
            .formatted(
                kernel.shape(),
                kernel.signed() ? "" : "u",
                kernel.bits(),
                rows ? "a row for each output channel" : "as they are");
    boolean isNew =
        addTable(
            comment,
            type.text,
            layer + "_kernel",
            // A convolution reads the last row in whole steps.
            op instanceof Conv2D
                ? "%s + %s - 1".formatted(size, model.macro("STEP"))
                : String.valueOf(size),
            IntStream.range(0, size)
                .map(i -> rows ? i % inputs * channels + i / inputs : i)
                .map(kernel.codes()::get));
    if (isNew) {
      kernelBytes += (long) size * type.bytes;
    }
  }

  /**
   * Writes a table, unless one is there that holds the same.
   *
   * @param comment stands above it; none if empty
   * @return whether it was written
   */
  private boolean addTable(
      String comment, String type, String table, String length, IntStream numbers) {
    Codes codes = Codes.of(numbers.toArray());
    String first = tables.putIfAbsent(new Content(type, length, codes), table);
    names.put(table, first == null ? table : first);
    if (first != null) {
      return false;
    }
    if (!comment.isEmpty()) {
      text.line(comment);
    }
    text.table(CText.constant(model), type, model.prefixed(table), length, codes.stream());
    return true;
  }

  /** Returns the name of the table that holds what this one was to hold. */
  String table(String table) {
    return model.prefixed(names.getOrDefault(table, table));
  }

  /** What a table holds. */
  private record Content(String type, String length, Codes codes) {}
}
