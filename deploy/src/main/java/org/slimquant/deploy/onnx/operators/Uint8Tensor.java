package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import org.slimquant.deploy.onnx.graph.SaturatingPairs.Elements;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.analysis.SumBounds;

/**
 * A tensor of codes as uint8. Each element is {@code code + zeroPoint}.
 *
 * <p>The zero point is 0 if no code is negative, else 128. Sums that become codes are then negative
 * only where they saturate, as half-up rounding requires: see {@link HalfUpRounding}. After a ReLU
 * of a signed format the elements end at 127, so sums of two products cannot saturate: see {@link
 * SaturatingPairs}.
 *
 * @param value the value of the graph that has the elements
 * @param tensor the model's tensor
 * @param codes the codes that can occur
 */
public record Uint8Tensor(Value value, IntegerTensor tensor, CodeRange codes) {

  /** The bits of an element. */
  static final int BITS = 8;

  /** The type of an element. */
  public static final DataType TYPE = DataType.UINT8;

  /** The largest element. */
  static final int MAX = 255;

  private static final int SIGNED_ZERO = 128;

  /** Returns the zero point of a tensor with these codes. */
  static int zeroPoint(CodeRange codes) {
    return codes.min() < 0 ? SIGNED_ZERO : 0;
  }

  /** Returns the element that stands for code 0. */
  int zeroPoint() {
    return zeroPoint(codes);
  }

  /** Returns the elements that a layer can read: those of the codes and that of the padding. */
  Elements elements() {
    int zero = zeroPoint();
    return new Elements(Math.min(zero, codes.min() + zero), Math.max(zero, codes.max() + zero));
  }

  /** Returns the exponent of the step. */
  int exponent() {
    return tensor.format().frac();
  }

  /**
   * Returns the range of these codes on another grid, clamped to a range.
   *
   * @param exponent the exponent of the grid's step
   */
  CodeRange codes(int exponent, CodeRange range) {
    return SumBounds.of(codes, 1).codes(exponent - exponent(), range);
  }

  /** Returns the same codes as those of another tensor. */
  Uint8Tensor as(Value other, IntegerTensor otherTensor) {
    return new Uint8Tensor(other, otherTensor, codes);
  }
}
