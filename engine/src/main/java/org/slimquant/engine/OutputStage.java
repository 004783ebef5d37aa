package org.slimquant.engine;

import java.util.stream.IntStream;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.WeightedOp;

/**
 * Converts sums to the output's grid and clamps them: {@code y = clamp((a + 2^(s-1)) >> s)}, or
 * {@code clamp(a << -s)} for {@code s <= 0}. This is exact for every sum below 2^61 and every
 * shift.
 *
 * <p>A shift that is too large for 64 bits is replaced with a smaller one that gives the same code:
 *
 * <ul>
 *   <li>right: for {@code |a| < 2^61} and {@code s >= 62} the result is 0;
 *   <li>left: a code has at most 16 bits, so a sum of 2^17 or more saturates without a shift, and
 *       any other sum except 0 saturates when it is shifted by 17 or more.
 * </ul>
 */
final class OutputStage {

  private static final int MAX_RIGHT = 62;
  private static final int MAX_LEFT = 17;
  private static final long SATURATED = 1L << MAX_LEFT;

  private final int[] right;
  private final int[] left;
  private final long[] half;
  private final boolean oneRightShift;
  private final int min;
  private final int max;

  /**
   * Creates an output stage.
   *
   * @param shifts the shift s of each channel
   * @param range the codes to which sums are clamped
   */
  private OutputStage(int[] shifts, CodeRange range) {
    right = IntStream.of(shifts).map(s -> Math.max(0, Math.min(MAX_RIGHT, s))).toArray();
    left = IntStream.of(shifts).map(s -> Math.max(0, Math.min(MAX_LEFT, -s))).toArray();
    half = IntStream.of(right).mapToLong(s -> s == 0 ? 0 : 1L << (s - 1)).toArray();
    oneRightShift = IntStream.of(shifts).allMatch(s -> s >= 0 && s == shifts[0]);
    min = range.min();
    max = range.max();
  }

  /** Returns the output stage of a layer, which has a shift for each channel. */
  static OutputStage of(WeightedOp layer) {
    return new OutputStage(
        IntStream.range(0, layer.channels()).map(layer::shift).toArray(), layer.range());
  }

  /**
   * Returns the output stage of an op without channels.
   *
   * @param exponent the exponent of the grid of its sums
   */
  static OutputStage of(IntegerOp op, int exponent) {
    return new OutputStage(new int[] {op.output().format().frac() - exponent}, op.range());
  }

  /** Returns the code of a sum in a channel. */
  int code(long sum, int channel) {
    long scaled =
        left[channel] > 0
            ? Math.max(-SATURATED, Math.min(SATURATED, sum)) << left[channel]
            : (sum + half[channel]) >> right[channel];
    return (int) Math.max(min, Math.min(max, scaled));
  }

  /**
   * Converts sums of 32 bits to codes in place, for all channels of one pixel after another.
   *
   * <p>Without a wider type, {@code (a + 2^(s-1)) >> s} is {@code a >> s} plus the last bit that is
   * shifted out. For {@code s >= 32} this bit is the sign, and the two cancel each other.
   */
  void round(int[] sums, int from, int count) {
    if (oneRightShift) {
      shiftRight(sums, from, count, right[0]);
      return;
    }
    int channels = right.length;
    for (int first = from; first < from + count; first += channels) {
      for (int channel = 0; channel < channels; channel++) {
        sums[first + channel] = code(sums[first + channel], channel);
      }
    }
  }

  /** Converts the first {@code count} sums of 32 bits to codes. All are sums of one channel. */
  void roundChannel(int[] sums, int count, int channel) {
    if (left[channel] == 0) {
      shiftRight(sums, 0, count, right[channel]);
      return;
    }
    for (int i = 0; i < count; i++) {
      sums[i] = code(sums[i], channel);
    }
  }

  private void shiftRight(int[] sums, int from, int count, int shift) {
    if (shift == 0) {
      clampAll(sums, from, from + count, min, max);
    } else {
      roundAll(sums, from, from + count, Math.min(31, shift), Math.min(31, shift - 1), min, max);
    }
  }

  private static void clampAll(int[] sums, int from, int to, int min, int max) {
    for (int i = from; i < to; i++) {
      sums[i] = Math.max(min, Math.min(max, sums[i]));
    }
  }

  /**
   * Runs the loop alone. It contains nothing that keeps HotSpot from making vector instructions, as
   * {@code Math.min} and {@code Math.max} of ints do on JDK 17. Both are computed from a difference
   * and its sign. The difference fits in 32 bits, because the sum was shifted by at least one.
   */
  private static void roundAll(
      int[] sums, int from, int to, int bits, int bitsBefore, int min, int max) {
    for (int i = from; i < to; i++) {
      int rounded = (sums[i] >> bits) + ((sums[i] >> bitsBefore) & 1);
      int over = rounded - max;
      int capped = max + (over & (over >> 31));
      int above = capped - min;
      sums[i] = capped - (above & (above >> 31));
    }
  }

  /** Returns the code of a sum of an op without channels. */
  int code(long sum) {
    return code(sum, 0);
  }
}
