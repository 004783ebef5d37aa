package org.slimquant.engine;

import java.util.stream.IntStream;

/**
 * Brings sums to the output's grid and clamps them: {@code y = clamp((a + 2^(s-1)) >> s)}, or
 * {@code clamp(a << -s)} for {@code s <= 0}, exactly for every sum below 2^61 and every shift.
 *
 * <p>Shifts beyond what 64 bits have room for are cut to where they make no difference:
 *
 * <ul>
 *   <li>right: for {@code |a| < 2^61} and {@code s >= 62} the result is 0;
 *   <li>left: a code has at most 16 bits, so a sum of 2^17 or more saturates without a shift, and
 *       one that is not 0 does so when it is shifted by 17 or more.
 * </ul>
 */
final class OutputStage {

  private static final int MAX_RIGHT = 62;
  private static final int MAX_LEFT = 17;
  private static final long SATURATED = 1L << MAX_LEFT;

  private final int[] right;
  private final int[] left;
  private final long[] half;
  private final int min;
  private final int max;

  /**
   * Creates an output stage.
   *
   * @param shifts the shift s of each channel
   * @param range what is clamped to
   */
  private OutputStage(int[] shifts, CodeRange range) {
    right = IntStream.of(shifts).map(s -> Math.max(0, Math.min(MAX_RIGHT, s))).toArray();
    left = IntStream.of(shifts).map(s -> Math.max(0, Math.min(MAX_LEFT, -s))).toArray();
    half = IntStream.of(right).mapToLong(s -> s == 0 ? 0 : 1L << (s - 1)).toArray();
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
   * @param exponent the exponent of the grid that its sums are on
   */
  static OutputStage of(IntegerOp op, int exponent) {
    return new OutputStage(new int[] {op.output().format().exponent() - exponent}, op.range());
  }

  /** Returns the code of a sum in a channel. */
  int code(long sum, int channel) {
    long scaled =
        left[channel] > 0
            ? Math.max(-SATURATED, Math.min(SATURATED, sum)) << left[channel]
            : (sum + half[channel]) >> right[channel];
    return (int) Math.max(min, Math.min(max, scaled));
  }

  /** Returns the code of a sum where there are no channels. */
  int code(long sum) {
    return code(sum, 0);
  }
}
