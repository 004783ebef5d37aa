package org.slimquant.deploy.onnx.qdq;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;

/**
 * Writes the nodes that bring real numbers to a grid: a clamp, QuantizeLinear and DequantizeLinear.
 */
final class Quantizers {

  private static final int BYTE = 8;

  // ONNX Runtime drops a Clip before a quantizer if their ranges differ by at most 2^-23.
  private static final int LEAST_CLIPPED = -23;

  private final OnnxGraph graph;
  private final boolean int8;

  /**
   * Creates a writer.
   *
   * @param int8 whether all codes shall be int8
   */
  Quantizers(OnnxGraph graph, boolean int8) {
    this.graph = graph;
    this.int8 = int8;
  }

  /**
   * Returns real numbers quantized, dequantized and clamped. The output of the clamp is quantized
   * again with the same step, which does not change it.
   */
  Value quantized(Value value, IntegerTensor tensor, String name, CodeRange range) {
    Value quantized = quantized(value, tensor, name);
    return saturates(tensor.format(), range)
        ? quantized
        : quantized(clamp(quantized, name, tensor.format(), range), tensor, name);
  }

  /** Returns real numbers quantized and dequantized. */
  Value quantized(Value value, IntegerTensor tensor, String name) {
    Value codes = codes(value, tensor, name);
    return graph.add(
        "DequantizeLinear",
        name,
        DataType.FLOAT,
        codes.shape(),
        List.of(codes.name(), scale(tensor.format()), zeroPoint(tensor.format())),
        List.of());
  }

  /** Returns the codes of real numbers in a tensor's format. */
  Value codes(Value value, IntegerTensor tensor, String name) {
    FixedPoint format = tensor.format();
    return graph.add(
        "QuantizeLinear",
        name,
        type(format),
        value.shape(),
        List.of(value.name(), scale(format), zeroPoint(format)),
        List.of());
  }

  private String scale(FixedPoint format) {
    return graph.scalar(Math.scalb(1f, format.frac()));
  }

  private String zeroPoint(FixedPoint format) {
    return graph.scalar(type(format), 0);
  }

  private DataType type(FixedPoint format) {
    return type(format.bits(), format.signed() || int8);
  }

  /**
   * Whether the type of the codes saturates at the ends of the range. An int8 may be -128 instead
   * of -127, because a clamp after each layer would cost a pass over its elements.
   */
  private static boolean saturates(FixedPoint format, CodeRange range) {
    return isWhole(format) && range.max() == format.maxCode() && range.min() == format.minCode();
  }

  private static boolean isWhole(FixedPoint format) {
    return format.bits() == BYTE || format.bits() == 2 * BYTE;
  }

  private Value clamp(Value value, String name, FixedPoint format, CodeRange range) {
    boolean relu = isWhole(format) && range.min() == 0 && range.max() == format.maxCode();
    return relu ? graph.like(value, "Relu", name) : clip(value, name, format, range);
  }

  /** Adds a clamp, even if the format does not need it. */
  Value clip(Value value, String name, FixedPoint format, CodeRange range) {
    String low = graph.scalar(Math.scalb((float) range.min(), format.frac()));
    String high = graph.scalar(Math.scalb((float) range.max(), format.frac()));
    return format.frac() < LEAST_CLIPPED
        ? graph.like(graph.like(value, "Max", name, low), "Min", name, high)
        : graph.like(value, "Clip", name, low, high);
  }

  /** Returns the smallest type that has all codes. */
  static DataType type(int bits, boolean signed) {
    if (bits > BYTE) {
      return signed ? DataType.INT16 : DataType.UINT16;
    }
    return signed ? DataType.INT8 : DataType.UINT8;
  }
}
