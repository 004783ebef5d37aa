package org.slimquant.deploy.c;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.model.Add;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;
import org.slimquant.model.WeightedOp;

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

  // A larger shift to the right gives 0, and a larger one to the left saturates all but 0.
  private static final int NARROW_RIGHT = 31;
  private static final int WIDE_RIGHT = 62;
  private static final int WIDE_LEFT = 17;

  /** The largest left shift in 32 bits of a sum that is clamped to 2^16, more than any code. */
  static final int NARROW_LEFT = 14;

  static RequantizationKind of(WeightedOp layer, HeldCodes held) {
    int channels = layer.channels();
    long[] bounds = new long[channels];
    Codes weights = layer.kernel().codes();
    for (int i = 0; i < weights.size(); i++) {
      bounds[i % channels] += Math.abs(weights.get(i));
    }
    for (int channel = 0; channel < channels; channel++) {
      bounds[channel] *= held.magnitude(layer.input());
      bounds[channel] += Math.abs((long) layer.bias().get(channel));
    }
    return of(bounds, IntStream.range(0, channels).map(layer::shift).toArray());
  }

  /** Returns the kind of a sum of two tensors. */
  static RequantizationKind of(Add add, HeldCodes held) {
    long bound =
        held.magnitude(add.left()) * factor(add, add.left(), held)
            + held.magnitude(add.right()) * factor(add, add.right(), held);
    return of(add, bound, add.sumExponent());
  }

  /**
   * Returns the factor by which an input of a sum is multiplied, so that both inputs have the finer
   * of the two steps. For an input that is always 0 it is 1: its own factor may not fit in 32 bits.
   */
  static long factor(Add add, IntegerTensor input, HeldCodes held) {
    return held.magnitude(input) == 0 ? 1 : 1L << (input.format().frac() - add.sumExponent());
  }

  /** Returns the kind of one input of an op. */
  static RequantizationKind of(IntegerOp op, IntegerTensor input, HeldCodes held) {
    return of(op, held.magnitude(input), input.format().frac());
  }

  private static RequantizationKind of(IntegerOp op, long bound, int exponent) {
    int shift = op.output().format().frac() - exponent;
    return of(new long[] {bound}, new int[] {shift});
  }

  /** Returns the kinds of an op, one for each requantization. */
  static List<RequantizationKind> all(IntegerOp op, HeldCodes held) {
    if (op instanceof WeightedOp layer) {
      return List.of(of(layer, held));
    } else if (op instanceof Add add) {
      return List.of(of(add, held));
    } else if (op instanceof Concat || op instanceof Requantize) {
      return op.inputs().stream().map(input -> of(op, input, held)).toList();
    }
    return List.of();
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

  /** Whether a sum fits in 32 bits, also after half is added for rounding. */
  private static boolean fitsNarrow(long bound, int shift) {
    if (shift <= 0) {
      return bound <= Integer.MAX_VALUE && -shift <= NARROW_LEFT;
    }
    return bound + (1L << (Math.min(NARROW_RIGHT, shift) - 1)) <= Integer.MAX_VALUE;
  }

  boolean perChannel() {
    return shifts.size() > 1;
  }

  /** Whether any shift is to the left, or 0. */
  boolean left() {
    return shifts.stream().anyMatch(shift -> shift <= 0);
  }

  /** Returns the type of the sums in C. */
  String type() {
    return wide ? "int64_t" : "int32_t";
  }
}
