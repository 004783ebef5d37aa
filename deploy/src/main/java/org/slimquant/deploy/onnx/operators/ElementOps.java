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

/** Brings sums to elements: the nodes that all ops end with. */
final class ElementOps {

  /** All codes that are told apart: more than an element holds. */
  static final CodeRange ANY = new CodeRange(Short.MIN_VALUE, Short.MAX_VALUE);

  // Sums below 2^28 become 0 at this shift as at any larger one.
  private static final int LARGEST_RIGHT = 29;
  // An element is below 2^8, so what is not 0 saturates when it is shifted further.
  private static final int LARGEST_LEFT = 10;
  private static final int SATURATED = 1 << 9;

  private final OnnxGraph graph;

  ElementOps(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Brings sums of 32 bits to elements, saturated: {@code (sum + bias + 2^(s-1)) >> s}. */
  Value shift(String name, Value sum, Codes bias, Sums sums, int zeroPoint) {
    int channels = sums.channels();
    int[] before = new int[channels];
    int[] divisor = new int[channels];
    int[] behind = new int[channels];
    int[] factor = new int[channels];
    for (int channel = 0; channel < channels; channel++) {
      int s = sums.shift(channel);
      int right = Math.max(0, Math.min(LARGEST_RIGHT, s));
      // Div truncates towards 0, so what it divides is made positive.
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

  /** Turns codes of 32 bits into elements. */
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

  /** Returns a value as images: of one place, if it is none. */
  Value image(Value value, IntegerTensor tensor, String name) {
    return Layout.isImage(tensor)
        ? value
        : graph.reshape(value, name, List.of(Value.BATCH, (long) tensor.size(), 1L, 1L));
  }

  /** Returns images as a tensor has them. */
  Value fromImage(Value value, IntegerTensor tensor, String name) {
    return Layout.isImage(tensor) ? value : graph.reshape(value, name, Layout.shape(tensor));
  }

  /** Returns a value in another type. */
  Value cast(Value value, String name, DataType type) {
    return graph.add(
        "Cast", name, type, value.shape(), List.of(value.name()), List.of(Attributes.to(type)));
  }

  /**
   * Adds arithmetic of each channel with a number, if it changes anything.
   *
   * @param numbers one for each channel, or one for all
   * @param neutral what changes nothing
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
   * Cuts off elements that an op clamps and that saturation leaves.
   *
   * @param codes what the elements stand for, if they did not saturate
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
