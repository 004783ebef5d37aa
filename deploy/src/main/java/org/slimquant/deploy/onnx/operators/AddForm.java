package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;

/** Writes sums of two tensors. ONNX has no op for sums of elements. */
final class AddForm {

  // The largest exponent of a weight in int8.
  private static final int LARGEST_APART = 6;
  // The largest exponent of a factor in int32.
  private static final int LARGEST_APART_OF_SUMS = 18;

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final ConvolutionOps convolutions;
  private final CodeRanges ranges;

  AddForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges) {
    this.graph = graph;
    this.elements = elements;
    convolutions = new ConvolutionOps(graph, elements);
    this.ranges = ranges;
  }

  /**
   * Adds a sum as a convolution. Its input has one tensor above the other, and its kernel has two
   * rows at the same distance.
   */
  Uint8Tensor write(Add add, Uint8Tensor left, Uint8Tensor right) {
    int exponent = add.sumExponent();
    int leftShift = left.exponent() - exponent;
    int rightShift = right.exponent() - exponent;
    if (Math.max(leftShift, rightShift) > LARGEST_APART_OF_SUMS) {
      throw new IllegalArgumentException(
          "op %s must have inputs whose steps are at most 2^%d apart to be written in ONNX, but has %s and %s; bring the formats closer"
              .formatted(add.name(), LARGEST_APART_OF_SUMS, add.left(), add.right()));
    }
    Value top = elements.image(left.value(), left.tensor(), add.name());
    Value bottom = elements.image(right.value(), right.tensor(), add.name());
    int channels = Math.toIntExact(top.shape().get(1));
    Sums sums =
        Sums.alike(
            channels,
            SumBounds.of(add, left.codes(), right.codes()),
            add.output().format().frac() - exponent);
    CodeRange codes = ranges.of(add.output());
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    Value output =
        Math.max(leftShift, rightShift) <= LARGEST_APART
            ? addByConvolution(add, left, top, right, bottom, sums, zeroPoint)
            : addInSums(add, left, top, right, bottom, sums, zeroPoint);
    return new Uint8Tensor(
        elements.fromImage(output, add.output(), add.name()), add.output(), codes);
  }

  private Value addByConvolution(
      Add add,
      Uint8Tensor left,
      Value top,
      Uint8Tensor right,
      Value bottom,
      Sums sums,
      int zeroPoint) {
    int leftWeight = 1 << (left.exponent() - add.sumExponent());
    int rightWeight = 1 << (right.exponent() - add.sumExponent());
    int channels = sums.channels();
    List<Long> shape = top.shape();
    long rows = shape.get(2);
    Value both =
        graph.add(
            "Concat",
            add.name(),
            Uint8Tensor.TYPE,
            List.of(shape.get(0), shape.get(1), 2 * rows, shape.get(3)),
            List.of(top.name(), bottom.name()),
            List.of(Attributes.integer("axis", 2)));
    int[] bias = new int[channels];
    // The convolution subtracts the left tensor's zero point from both tensors.
    Arrays.fill(bias, rightWeight * (left.zeroPoint() - right.zeroPoint()));
    Convolution convolution =
        new Convolution(
            add.name(),
            both,
            left.zeroPoint(),
            add.sumExponent(),
            Codes.of(
                IntStream.range(0, 2 * channels)
                    .map(i -> i % 2 == 0 ? leftWeight : rightWeight)
                    .toArray()),
            List.of((long) channels, 1L, 2L, 1L),
            DataType.INT8,
            0,
            Codes.of(bias),
            new Window(2, 1, 1, 1, Math.toIntExact(rows), 1, Padding.NONE),
            channels,
            shape);
    return convolutions.convolve(
        convolution, sums, add.range(), add.output().format().frac(), zeroPoint);
  }

  private Value addInSums(
      Add add,
      Uint8Tensor left,
      Value top,
      Uint8Tensor right,
      Value bottom,
      Sums sums,
      int zeroPoint) {
    Value a = widened(add, left, top);
    Value b = widened(add, right, bottom);
    Value sum = graph.like(a, "Add", add.name(), b.name());
    Value shifted = elements.shift(add.name(), sum, Codes.zeros(sums.channels()), sums, zeroPoint);
    return elements.clamp(shifted, add.name(), sums.codes(ElementOps.ANY), zeroPoint, add.range());
  }

  private Value widened(Add add, Uint8Tensor input, Value image) {
    Value wide = elements.cast(image, add.name(), DataType.INT32);
    Value codes = elements.arithmetic("Add", add.name(), wide, new int[] {-input.zeroPoint()}, 0);
    int weight = 1 << (input.exponent() - add.sumExponent());
    return elements.arithmetic("Mul", add.name(), codes, new int[] {weight}, 1);
  }
}
