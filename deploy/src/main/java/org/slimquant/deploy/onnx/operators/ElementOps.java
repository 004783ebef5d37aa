package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerTensor;

/** Writes arithmetic in 32 bits and what makes elements of its results. */
final class ElementOps {

  /** A range without effect: it is larger than that of all elements. */
  static final CodeRange ANY = new CodeRange(Short.MIN_VALUE, Short.MAX_VALUE);

  // Sums below 2^28 become 0 at this shift and at any larger one.
  private static final int LARGEST_RIGHT = 29;
  // An element is below 2^8, so a code other than 0 saturates at this shift and at any larger one.
  private static final int LARGEST_LEFT = 10;
  private static final int SATURATED = 1 << 9;

  private final OnnxGraph graph;

  ElementOps(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Rounds sums of 32 bits to saturated elements: {@code (sum + bias + 2^(s-1)) >> s}. */
  Value shift(String name, Value sum, Codes bias, Sums sums, int zeroPoint) {
    int channels = sums.channels();
    int[] before = new int[channels];
    int[] divisor = new int[channels];
    int[] behind = new int[channels];
    int[] factor = new int[channels];
    for (int channel = 0; channel < channels; channel++) {
      int s = sums.shift(channel);
      int right = Math.max(0, Math.min(LARGEST_RIGHT, s));
      // Div truncates towards 0, so the dividend is made positive.
      int up = right == 0 ? 0 : (int) (sums.bound() >> right) + 2;
      int half = right == 0 ? 0 : 1 << (right - 1);
      before[channel] = bias.get(channel) + half + (up << right);
      divisor[channel] = 1 << right;
      behind[channel] = -up;
      factor[channel] = 1 << Math.max(0, Math.min(LARGEST_LEFT, -s));
    }
    Value value = arithmetic("Add", name, sum, before, 0);
    value = arithmetic("Div", name, value, divisor, 1);
    value = arithmetic("Add", name, value, behind, 0);
    if (Arrays.stream(factor).anyMatch(f -> f != 1)) {
      value =
          graph.like(
              value,
              "Clip",
              name,
              graph.scalar(DataType.INT32, -SATURATED),
              graph.scalar(DataType.INT32, SATURATED));
      value = arithmetic("Mul", name, value, factor, 1);
    }
    return saturate(name, value, zeroPoint);
  }

  /** Converts codes of 32 bits to elements. */
  Value saturate(String name, Value codes, int zeroPoint) {
    Value shifted = arithmetic("Add", name, codes, new int[] {zeroPoint}, 0);
    Value clipped =
        graph.like(
            shifted,
            "Clip",
            name,
            graph.scalar(DataType.INT32, 0),
            graph.scalar(DataType.INT32, Uint8Tensor.MAX));
    return cast(clipped, name, Uint8Tensor.TYPE);
  }

  /** Returns a value as images. A vector becomes an image of one pixel. */
  Value image(Value value, IntegerTensor tensor, String name) {
    return Layout.isImage(tensor)
        ? value
        : graph.reshape(value, name, List.of(Value.BATCH, (long) tensor.size(), 1L, 1L));
  }

  /** Returns images in the shape of a tensor. */
  Value fromImage(Value value, IntegerTensor tensor, String name) {
    return Layout.isImage(tensor) ? value : graph.reshape(value, name, Layout.shape(tensor));
  }

  /** Returns a value in another type. */
  Value cast(Value value, String name, DataType type) {
    return graph.add(
        "Cast", name, type, value.shape(), List.of(value.name()), List.of(Attributes.to(type)));
  }

  /**
   * Adds an op of each channel and a number, if the op has an effect.
   *
   * @param numbers a number for each channel, or one for all channels
   * @param neutral the number with which the op has no effect
   */
  Value arithmetic(String type, String name, Value value, int[] numbers, int neutral) {
    if (Arrays.stream(numbers).allMatch(number -> number == neutral)) {
      return value;
    }
    String constant =
        Arrays.stream(numbers).distinct().count() == 1
            ? graph.scalar(DataType.INT32, numbers[0])
            : graph.codes(
                name + "/" + type, DataType.INT32, List.of((long) numbers.length, 1L, 1L), numbers);
    return graph.like(value, type, name, constant);
  }

  /**
   * Adds a clamp, if the saturation of uint8 does not clamp enough.
   *
   * @param codes the range of the codes before saturation
   */
  Value clamp(Value elements, String name, CodeRange codes, int zeroPoint, CodeRange range) {
    boolean low = codes.min() < range.min() && range.min() + zeroPoint > 0;
    boolean high = codes.max() > range.max() && range.max() + zeroPoint < Uint8Tensor.MAX;
    if (!low && !high) {
      return elements;
    }
    List<String> bounds = new ArrayList<>();
    bounds.add(low ? graph.scalar(Uint8Tensor.TYPE, range.min() + zeroPoint) : "");
    if (high) {
      bounds.add(graph.scalar(Uint8Tensor.TYPE, range.max() + zeroPoint));
    }
    return graph.like(elements, "Clip", name, bounds.toArray(String[]::new));
  }
}
