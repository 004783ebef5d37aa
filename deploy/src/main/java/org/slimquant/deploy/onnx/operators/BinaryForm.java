package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;

/**
 * Writes the ops of two tensors. ONNX has no op for sums of elements that is exact, so they are
 * written in 32 bits:
 *
 * <pre>{@code
 * x ─▶ Cast ─▶ Add -zero ─▶ Mul 2^(dx-d) ─▶ Sub ─▶ Add ─▶ Div ─▶ Add ─▶ Clip ─▶ Cast ─▶
 * z ─▶ Cast ─▶ Add -zero ─▶ Mul 2^(dz-d) ───▲    └─ half, shift ─┘
 * }</pre>
 *
 * <p>A sum of tensors of one shape and of near steps is one QLinearConv.
 */
final class BinaryForm {

  // The largest exponent of a weight in int8.
  private static final int LARGEST_APART = 6;
  // The largest exponent of a factor in int32.
  private static final int LARGEST_APART_OF_SUMS = 18;

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final ConvolutionOps convolutions;
  private final CodeRanges ranges;

  BinaryForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges) {
    this.graph = graph;
    this.elements = elements;
    convolutions = new ConvolutionOps(graph, elements);
    this.ranges = ranges;
  }

  /** Adds an op of two tensors. */
  Uint8Tensor write(BinaryOp op, Uint8Tensor left, Uint8Tensor right) {
    int exponent = op.resultExponent();
    int apart = Math.max(op.shiftOf(op.left()), op.shiftOf(op.right()));
    if (apart > LARGEST_APART_OF_SUMS) {
      throw new IllegalArgumentException(
          "op %s must have inputs whose steps are at most 2^%d apart to be written in ONNX, but has %s and %s; bring the formats closer"
              .formatted(op.name(), LARGEST_APART_OF_SUMS, op.left(), op.right()));
    }
    SumBounds bounds = SumBounds.of(op, left.codes(), right.codes());
    int shift = op.output().format().frac() - exponent;
    CodeRange codes = ranges.of(op.output());
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    boolean convolves =
        op.kind() == BinaryOp.Kind.ADD
            && op.left().shape().equals(op.right().shape())
            && apart <= LARGEST_APART;
    Value output =
        convolves
            ? addByConvolution(op, left, right, bounds, shift, zeroPoint)
            : inSums(op, left, right, Sums.alike(1, bounds, shift), zeroPoint);
    return new Uint8Tensor(output, op.output(), codes);
  }

  /**
   * Adds a sum as a convolution. Its input has one tensor above the other, and its kernel has two
   * rows at the same distance.
   */
  private Value addByConvolution(
      BinaryOp add,
      Uint8Tensor left,
      Uint8Tensor right,
      SumBounds bounds,
      int shift,
      int zeroPoint) {
    Value top = elements.image(left.value(), left.tensor(), add.name());
    Value bottom = elements.image(right.value(), right.tensor(), add.name());
    int leftWeight = 1 << add.shiftOf(add.left());
    int rightWeight = 1 << add.shiftOf(add.right());
    List<Long> shape = top.shape();
    int channels = Math.toIntExact(shape.get(1));
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
            add.resultExponent(),
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
    Value sums =
        convolutions.convolve(
            convolution,
            Sums.alike(channels, bounds, shift),
            add.range(),
            add.output().format().frac(),
            zeroPoint);
    return elements.fromImage(sums, add.output(), add.name());
  }

  /** Adds an op whose exact results have 32 bits. */
  private Value inSums(BinaryOp op, Uint8Tensor left, Uint8Tensor right, Sums sums, int zeroPoint) {
    Value a = widened(op, left);
    Value b = widened(op, right);
    Value result =
        graph.add(
            Layout.type(op.kind()),
            op.name(),
            DataType.INT32,
            Layout.shape(op.output()),
            List.of(a.name(), b.name()),
            List.of());
    Value shifted = elements.shift(op.name(), result, Codes.zeros(1), sums, zeroPoint);
    return elements.clamp(shifted, op.name(), sums.codes(ElementOps.ANY), zeroPoint, op.range());
  }

  private Value widened(BinaryOp op, Uint8Tensor input) {
    Value wide = elements.cast(input.value(), op.name(), DataType.INT32);
    Value codes = elements.arithmetic("Add", op.name(), wide, new int[] {-input.zeroPoint()}, 0);
    int weight = 1 << op.shiftOf(input.tensor());
    return elements.arithmetic("Mul", op.name(), codes, new int[] {weight}, 1);
  }
}
