package org.slimquant.deploy.onnx.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slimquant.model.Codes;

/**
 * How QLinearConv, which rounds half to even, is made to round half up.
 *
 * <p>It computes {@code saturate(roundHalfEven(fl(acc * scale)) + zeroPoint)} in float32. With the
 * output's zero point z added to the sums instead, {@code acc + z·2^s}, and with {@code scale =
 * 2^-s·(1 + 2^-23)}, one ulp above the power of two:
 *
 * <ul>
 *   <li>a tie that does not saturate is positive, and the ulp moves it up by at least one ulp of
 *       its own, so it is rounded up;
 *   <li>a sum just below a tie, by {@code 2^-s}, is moved by less than 2 ulps, which is less than
 *       {@code 2^-s} as long as the sum is below 2^22;
 *   <li>a sum of {@code 2^(s+8)} or more saturates, however it is moved, and so does one below 0.
 * </ul>
 *
 * So it is exact for {@code s <= 14}, and for larger shifts where sums stay below 2^22. Channels
 * with {@code s <= 0} need no rounding, and a power of two is exact for them.
 *
 * @param zeroPoint what QLinearConv is to add behind the rounding
 * @param offset what is to be added to the sums of each channel
 * @param scale by what the sums of each channel are to be multiplied
 */
record HalfUpRounding(int zeroPoint, Codes offset, List<Float> scale) {

  private static final int LARGEST_SHIFT = 14;
  private static final long LARGEST_SUM = 1L << 22;
  // Scales beyond make no difference that fits into elements, but might not be normal float32.
  private static final int LARGEST_EXPONENT = 54;
  // A mean has a scale that is no power of two, and is moved by up to 3·2^-23 of less than 256.
  private static final long LARGEST_DIVISOR = 1L << 12;

  HalfUpRounding {
    scale = List.copyOf(scale);
  }

  /** Returns how to round these sums to elements with a zero point, if there is a way. */
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
   * Returns how to divide sums by a number that is no power of two, if there is a way. The scale is
   * {@code 2^finer / divisor} rounded, and two ulps more: so a tie is moved up, and what is no tie,
   * at least {@code 1 / (2·divisor)} below one, by less than that.
   *
   * @param divisor the number, times the power of two by which the output's step is coarser
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
