package org.slimquant.deploy.c;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;

/**
 * The kind of requantization of an op's sums: the width of the sums, and one shift or one for each
 * output channel.
 *
 * <p>A sum becomes the code {@code clamp((sum + 2^(s-1)) >> s)}, or {@code clamp(sum << -s)} for a
 * shift {@code s} of 0 or less.
 *
 * @param wide whether sums have 64 bits instead of 32
 * @param shifts the shift, or one for each output channel if they differ; a shift that is too large
 *     for the width is replaced with the largest possible one, which gives the same codes
 */
record RequantizationKind(boolean wide, Codes shifts) {

  // A larger shift to the right gives 0, and a larger one to the left saturates every sum except 0.
  private static final int NARROW_RIGHT = 31;
  private static final int WIDE_RIGHT = 62;
  private static final int WIDE_LEFT = 17;

  /** The largest left shift in 32 bits of a sum that is clamped to 2^16, more than any code. */
  static final int NARROW_LEFT = 14;

  /** Returns the kind of a layer's sums. */
  static RequantizationKind of(WeightedOp layer, CodeRanges ranges) {
    return of(
        SumBounds.magnitudes(layer, ranges.magnitude(layer.input())),
        IntStream.range(0, layer.channels()).map(layer::shift).toArray());
  }

  /** Returns the kind of the results of an op of two tensors. */
  static RequantizationKind of(BinaryOp op, CodeRanges ranges) {
    long bound = SumBounds.magnitude(op, ranges.magnitude(op.left()), ranges.magnitude(op.right()));
    return of(op, bound, op.resultExponent());
  }

  /** Returns the kind of the sums of a product of matrices. */
  static RequantizationKind of(MatMul product, CodeRanges ranges) {
    long bound =
        SumBounds.magnitude(
            product, ranges.magnitude(product.left()), ranges.magnitude(product.right()));
    return of(product, bound, product.sumExponent());
  }

  /**
   * Returns the factor by which an input of a sum is multiplied, so that both inputs have the finer
   * of the two steps. For an input that is always 0 it is 1: its own factor may not fit in 32 bits.
   */
  static long factor(BinaryOp op, IntegerTensor input, CodeRanges ranges) {
    return ranges.magnitude(input) == 0 ? 1 : 1L << op.shiftOf(input);
  }

  /** Returns the kind of an op with two slopes: the shift from 0 on, and that below 0. */
  static RequantizationKind of(LeakyRelu relu, CodeRanges ranges) {
    long bound = ranges.magnitude(relu.input());
    return of(
        new long[] {bound, bound},
        new int[] {relu.shift(relu.positive()), relu.shift(relu.negative())});
  }

  /** Returns the kind of one input of an op. */
  static RequantizationKind of(IntegerOp op, IntegerTensor input, CodeRanges ranges) {
    return of(op, ranges.magnitude(input), input.format().frac());
  }

  private static RequantizationKind of(IntegerOp op, long bound, int exponent) {
    int shift = op.output().format().frac() - exponent;
    return of(new long[] {bound}, new int[] {shift});
  }

  private static RequantizationKind of(long[] bounds, int[] shifts) {
    boolean wide =
        IntStream.range(0, shifts.length).anyMatch(i -> !fitsNarrow(bounds[i], shifts[i]));
    int right = wide ? WIDE_RIGHT : NARROW_RIGHT;
    int left = wide ? WIDE_LEFT : NARROW_LEFT;
    int[] cut = IntStream.of(shifts).map(s -> Math.max(-left, Math.min(right, s))).toArray();
    return new RequantizationKind(
        wide, Codes.of(Arrays.stream(cut).distinct().count() == 1 ? new int[] {cut[0]} : cut));
  }

  /** Returns whether a sum fits in 32 bits, also after half is added for rounding. */
  private static boolean fitsNarrow(long bound, int shift) {
    if (shift <= 0) {
      return bound <= Integer.MAX_VALUE && -shift <= NARROW_LEFT;
    }
    return bound + (1L << (Math.min(NARROW_RIGHT, shift) - 1)) <= Integer.MAX_VALUE;
  }

  boolean perChannel() {
    return shifts.size() > 1;
  }

  /** Returns whether any shift is to the left, or 0. */
  boolean left() {
    return shifts.stream().anyMatch(shift -> shift <= 0);
  }

  /** Returns the type of the sums in C. */
  String type() {
    return wide ? "int64_t" : "int32_t";
  }
}
