package org.slimquant.deploy.onnx.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slimquant.model.Codes;

/**
 * The trick for ties: QLinearConv rounds half to even, and these scales and offsets make it round
 * half up.
 *
 * <p>QLinearConv computes {@code saturate(roundHalfEven(fl(acc * scale)) + zeroPoint)} in float32.
 * The output's zero point z is added to the sums instead, {@code acc + z·2^s}, and the scale is one
 * ulp above the power of two, {@code 2^-s·(1 + 2^-23)}. Then:
 *
 * <ul>
 *   <li>A tie that does not saturate is positive. The scale moves it up by at least one ulp, so it
 *       is rounded up.
 *   <li>A sum that is {@code 2^-s} below a tie is moved by less than 2 ulps. That is less than
 *       {@code 2^-s} if the sum is below 2^22.
 *   <li>A sum of {@code 2^(s+8)} or more saturates, and so does a sum below 0, even after it is
 *       moved.
 * </ul>
 *
 * <p>The result is exact for {@code s <= 14}, and for larger shifts if the sums are below 2^22.
 * Channels with {@code s <= 0} need no rounding: a power of two is exact for them.
 *
 * @param zeroPoint the zero point that QLinearConv adds after the rounding
 * @param offset the number that is added to the sums of each channel
 * @param scale the factor of the sums of each channel
 */
record HalfUpRounding(int zeroPoint, Codes offset, List<Float> scale) {

  private static final int LARGEST_SHIFT = 14;
  private static final long LARGEST_SUM = 1L << 22;
  // Larger exponents give the same elements, but their scales might not be normal float32.
  private static final int LARGEST_EXPONENT = 54;
  // The scale of a mean is not a power of two. It moves a mean, below 256, by up to 3·2^-23 of it.
  private static final long LARGEST_DIVISOR = 1L << 12;

  HalfUpRounding {
    scale = List.copyOf(scale);
  }

  /** Returns the rounding of these sums to elements with a zero point, if it can be exact. */
  static Optional<HalfUpRounding> of(Sums sums, int zeroPoint) {
    if (sums.bound() > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    boolean left = true;
    for (int channel = 0; channel < sums.channels(); channel++) {
      if (Math.abs(sums.shift(channel)) > LARGEST_EXPONENT) {
        return Optional.empty();
      }
      left &= sums.shift(channel) <= 0;
    }
    return left ? Optional.of(exact(sums, zeroPoint)) : halfUp(sums, zeroPoint);
  }

  private static HalfUpRounding exact(Sums sums, int zeroPoint) {
    List<Float> scale = new ArrayList<>();
    for (int channel = 0; channel < sums.channels(); channel++) {
      scale.add(Math.scalb(1f, -sums.shift(channel)));
    }
    return new HalfUpRounding(zeroPoint, Codes.zeros(sums.channels()), scale);
  }

  private static Optional<HalfUpRounding> halfUp(Sums sums, int zeroPoint) {
    int[] offset = new int[sums.channels()];
    List<Float> scale = new ArrayList<>();
    for (int channel = 0; channel < sums.channels(); channel++) {
      int s = sums.shift(channel);
      double exact = Math.scalb((double) zeroPoint, s);
      long added = (long) exact;
      boolean whole = added == exact;
      long largest = sums.bound() + added;
      boolean small = s <= LARGEST_SHIFT || largest < LARGEST_SUM;
      if (!whole || !small || largest > Integer.MAX_VALUE) {
        return Optional.empty();
      }
      offset[channel] = (int) added;
      float power = Math.scalb(1f, -s);
      scale.add(s > 0 ? Math.nextUp(power) : power);
    }
    return Optional.of(new HalfUpRounding(0, Codes.of(offset), scale));
  }

  /**
   * Returns the rounding of sums that are divided by a number other than a power of two, if it can
   * be exact. The scale is {@code 2^finer / divisor}, rounded, plus two ulps. It moves a tie up. A
   * quotient that is not a tie is at least {@code 1 / (2·divisor)} below the next one, and it is
   * moved by less than that.
   *
   * @param divisor the number, multiplied by the power of two by which the output's step is coarser
   * @param finer the exponent of the power of two by which the output's step is finer
   */
  static Optional<HalfUpRounding> ofMean(int channels, long divisor, int finer, int zeroPoint) {
    if (divisor > LARGEST_DIVISOR || finer > LARGEST_EXPONENT) {
      return Optional.empty();
    }
    long offset = (zeroPoint * divisor) >> finer;
    if (offset << finer != zeroPoint * divisor) {
      return Optional.empty();
    }
    float scale = Math.nextUp(Math.nextUp((float) Math.scalb(1.0 / divisor, finer)));
    int[] offsets = new int[channels];
    Arrays.fill(offsets, (int) offset);
    return Optional.of(
        new HalfUpRounding(0, Codes.of(offsets), Collections.nCopies(channels, scale)));
  }
}
