package org.slimquant.deploy.c;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;

/**
 * The description of a layer, which its function reads.
 *
 * <pre>{@code
 * LENET_CONST static const LENET_SPACE struct lenet_layer lenet_Conv1_layer = {
 *     28, 28, 1, // rows, columns, depth
 *     …
 * };
 * }</pre>
 *
 * <p>The values are in the order of the fields: C++ before 2020 does not allow to name the fields.
 *
 * @param name its name, without the model's
 * @param fields the fields that are not 0
 */
record LayerStruct(String name, Map<String, Integer> fields) implements CConstant {

  /** The fields in the order and the lines of the template {@code layer.c.in}. */
  static final List<List<String>> LINES =
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

  private static final long BYTES = LINES.stream().mapToLong(List::size).sum() * Integer.BYTES;

  LayerStruct {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Returns the description of a layer with weights. */
  static LayerStruct of(String layer, WeightedOp op, RequantizationKind requantization) {
    Map<String, Integer> fields = new LinkedHashMap<>();
    if (op instanceof Conv2D conv) {
      fields.putAll(fields(conv.window(), conv.input(), conv.output()));
    } else if (op instanceof DepthwiseConv2D conv) {
      fields.putAll(fields(conv.window(), conv.input(), conv.output()));
    }
    fields.put("channels", op.channels());
    fields.put("inputs", op.kernel().codes().size() / op.channels());
    if (!requantization.perChannel()) {
      fields.put("shift", requantization.shifts().get(0));
    }
    fields.putAll(fields(op.range()));
    return named(layer, fields);
  }

  /** Returns the description of a pooling. */
  static LayerStruct of(String layer, MaxPool pool) {
    return named(layer, fields(pool.window(), pool.input(), pool.output()));
  }

  /** Returns the description of a pooling. */
  static LayerStruct of(String layer, AveragePool pool) {
    Map<String, Integer> fields = fields(pool.window(), pool.input(), pool.output());
    fields.putAll(fields(pool.range()));
    return named(layer, fields);
  }

  private static LayerStruct named(String layer, Map<String, Integer> fields) {
    return new LayerStruct(layer + "_layer", fields);
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

  @Override
  public long bytes() {
    return BYTES;
  }

  /** Returns the value of a field, 0 if layers of this kind do not use it. */
  int value(String field) {
    return fields.getOrDefault(field, 0);
  }
}
