package org.slimquant.deploy.onnx.qdq;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * Writes the ops that compute a function of each number, as a table of real numbers with an entry
 * for each value of the input's type.
 *
 * <pre>{@code
 * … ─▶ Dequantize ─▶ Quantize ─▶ Cast to int32 ─▶ Add ─▶ Gather ─▶ Quantize ─▶ Dequantize ─▶ …
 *                                                 table ────▲
 * }</pre>
 *
 * <p>The entries are the values of codes, so no quantizer rounds them.
 */
final class QdqTables {

  private static final int BYTE_VALUES = 1 << Byte.SIZE;
  private static final int SHORT_VALUES = 1 << Short.SIZE;

  private final OnnxGraph graph;
  private final Quantizers quantizers;
  private final boolean int8;

  QdqTables(OnnxGraph graph, Quantizers quantizers, boolean int8) {
    this.graph = graph;
    this.quantizers = quantizers;
    this.int8 = int8;
  }

  /**
   * Adds an op.
   *
   * @param input the real numbers of its input
   * @param function the output's code for a code of the input
   */
  Value write(IntegerOp op, Value input, IntUnaryOperator function) {
    IntegerTensor from = op.inputs().get(0);
    IntegerTensor to = op.output();
    String name = op.name();
    Value codes = quantizers.codes(input, from, name);
    Value index =
        graph.add(
            "Cast",
            name,
            DataType.INT32,
            codes.shape(),
            List.of(codes.name()),
            List.of(Attributes.to(DataType.INT32)));
    int first = first(from.format());
    if (first != 0) {
      index = graph.like(index, "Add", name, graph.scalar(DataType.INT32, -first));
    }
    float[] table = table(from.format(), to.format(), first, function);
    Value value =
        graph.add(
            "Gather",
            name,
            DataType.FLOAT,
            index.shape(),
            List.of(
                graph.floats(name + "/table", List.of((long) table.length), table), index.name()),
            List.of());
    return quantizers.quantized(value, to, name, CodeRange.all(to.format()));
  }

  private static float[] table(
      FixedPoint from, FixedPoint to, int first, IntUnaryOperator function) {
    float[] table = new float[from.bits() > Byte.SIZE ? SHORT_VALUES : BYTE_VALUES];
    for (int i = 0; i < table.length; i++) {
      int code = Math.max(from.minCode(), Math.min(from.maxCode(), first + i));
      table[i] = to.dequantize(function.applyAsInt(code));
    }
    return table;
  }

  /** Returns the smallest value of the type that has the codes of a format. */
  private int first(FixedPoint format) {
    if (!format.signed() && !int8) {
      return 0;
    }
    return format.bits() > Byte.SIZE ? Short.MIN_VALUE : Byte.MIN_VALUE;
  }
}
