package org.slimquant.deploy.c;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.engine.Add;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Concat;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Requantize;
import org.slimquant.engine.WeightedOp;

/**
 * How an op's sums become codes: {@code clamp((sum + 2^(s-1)) >> s)} or {@code clamp(sum << -s)},
 * and how wide the sums are.
 *
 * @param wide whether sums have 64 bits instead of 32
 * @param shifts the shift s, or one for each output channel if they differ; cut to what the width
 *     has room for, where that makes no difference
 */
record Scaling(boolean wide, Codes shifts) {

  // A shift beyond these gives 0, or saturates whatever is not 0.
  private static final int NARROW_RIGHT = 31;
  private static final int WIDE_RIGHT = 62;
  private static final int WIDE_LEFT = 17;

  /** Left shifts of a sum cut to 2^16, which is beyond every code, that 32 bits have room for. */
  static final int NARROW_LEFT = 14;

  static Scaling of(WeightedOp layer, HeldCodes held) {
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

  /** Returns the scaling of a sum of two tensors. */
  static Scaling of(Add add, HeldCodes held) {
    long bound =
        held.magnitude(add.left()) * factor(add, add.left(), held)
            + held.magnitude(add.right()) * factor(add, add.right(), held);
    return of(add, bound, add.sumExponent());
  }

  /**
   * Returns what brings an input of a sum to the finer of the two steps. An input that is always 0
   * needs nothing, and sums of 32 bits could not hold its factor.
   */
  static long factor(Add add, IntegerTensor input, HeldCodes held) {
    return held.magnitude(input) == 0 ? 1 : 1L << (input.format().frac() - add.sumExponent());
  }

  /** Returns the scaling of the codes of one input of an op. */
  static Scaling of(IntegerOp op, IntegerTensor input, HeldCodes held) {
    return of(op, held.magnitude(input), input.format().frac());
  }

  private static Scaling of(IntegerOp op, long bound, int exponent) {
    int shift = op.output().format().frac() - exponent;
    return of(new long[] {bound}, new int[] {shift});
  }

  /** Returns all scalings of an op. */
  static List<Scaling> all(IntegerOp op, HeldCodes held) {
    if (op instanceof WeightedOp layer) {
      return List.of(of(layer, held));
    } else if (op instanceof Add add) {
      return List.of(of(add, held));
    } else if (op instanceof Concat || op instanceof Requantize) {
      return op.inputs().stream().map(input -> of(op, input, held)).toList();
    }
    return List.of();
  }

  private static Scaling of(long[] bounds, int[] shifts) {
    boolean wide =
        IntStream.range(0, shifts.length).anyMatch(i -> !fitsNarrow(bounds[i], shifts[i]));
    int right = wide ? WIDE_RIGHT : NARROW_RIGHT;
    int left = wide ? WIDE_LEFT : NARROW_LEFT;
    int[] cut = IntStream.of(shifts).map(s -> Math.max(-left, Math.min(right, s))).toArray();
    return new Scaling(
        wide, Codes.of(Arrays.stream(cut).distinct().count() == 1 ? new int[] {cut[0]} : cut));
  }

  /** Whether neither a sum nor the half that is added overflows 32 bits. */
  private static boolean fitsNarrow(long bound, int shift) {
    if (shift <= 0) {
      return bound <= Integer.MAX_VALUE && -shift <= NARROW_LEFT;
    }
    return bound + (1L << (Math.min(NARROW_RIGHT, shift) - 1)) <= Integer.MAX_VALUE;
  }

  boolean perChannel() {
    return shifts.size() > 1;
  }

  /** Whether a shift goes to the left, or nowhere. */
  boolean left() {
    return shifts.stream().anyMatch(shift -> shift <= 0);
  }

  /** Returns the type of the sums in C. */
  String type() {
    return wide ? "int64_t" : "int32_t";
  }
}
