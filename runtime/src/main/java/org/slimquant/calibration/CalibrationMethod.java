package org.slimquant.calibration;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalInt;
import org.slimquant.format.Exponents;
import org.slimquant.format.FixedPoint;

/**
 * The method by which calibration chooses the exponent of a format from the statistics of a tensor.
 *
 * <p>All methods start from a reach {@code r}, the largest magnitude that the format must hold, and
 * from the smallest exponent {@code d} with {@code r <= maxCode * 2^d}. The reach of a signed
 * format is the largest {@code |x|}; that of an unsigned format is the largest {@code x}, because
 * it loses negative elements with any exponent. If no legal exponent is large enough, the method
 * starts from the largest.
 *
 * <p>A tensor without reach, of zeros for example, has no best exponent. It gets {@code 1 - bits}
 * ({@code -bits} unsigned), whose range is about 1; a channel of a kernel gets the largest exponent
 * of the other channels. So does a channel whose weights are so small that they change no code of
 * the layer's output, unless the bias needs a finer step.
 *
 * <p>A kernel's exponent is never so small that the layer's bias, whose step is the input's times
 * the kernel's, would exceed 30 of its 32 bits: with 16-bit inputs and kernels it may have to be
 * larger than the method's, and the plan remarks that.
 */
public final class CalibrationMethod {

  /**
   * The exponent with the least sum of squared errors among {@link #MAX}'s and the next four finer
   * ones; of two with the same sum, the coarser. It clips few elements where the others gain more.
   * Errors come from a histogram with bins of 1/64 to 1/32 of their numbers; but inputs that are
   * all multiples of a step, as pixels are, have no rounding error with it.
   */
  public static final CalibrationMethod MIN_MSE =
      new CalibrationMethod("MIN_MSE", CalibrationMethod::minMse);

  /** The smallest exponent with which no element is clipped. */
  public static final CalibrationMethod MAX =
      new CalibrationMethod(
          "MAX",
          (histogram, bits, signed, reach, least) -> Math.max(least, frac(bits, signed, reach)));

  /** {@link #percentile} of 99.99. */
  public static final CalibrationMethod PERCENTILE = percentile(99.99);

  private static final int FINER = 4;

  /** Chooses the exponent for a reach above 0. */
  private interface Rule {
    int frac(Histogram histogram, int bits, boolean signed, double reach, int least);
  }

  private final String name;
  private final Rule rule;

  private CalibrationMethod(String name, Rule rule) {
    this.name = name;
    this.rule = rule;
  }

  /**
   * Returns the method whose reach is a percentile: of {@code n} elements in the order of their
   * magnitude, the one at place {@code ceil(n * percent / 100)}, rounded up to the end of its
   * histogram bin, by less than 1/32. If that is 0, as in a tensor with hardly any element that is
   * not, the reach is the largest magnitude.
   *
   * @param percent above 0, at most 100
   * @throws IllegalArgumentException if {@code percent} is out of range
   */
  public static CalibrationMethod percentile(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "a percentile must be above 0 and at most 100, but is %s".formatted(percent));
    }
    BigDecimal share = BigDecimal.valueOf(percent).movePointLeft(2);
    return new CalibrationMethod(
        String.format(Locale.ROOT, "PERCENTILE %s", percent),
        (histogram, bits, signed, reach, least) ->
            Math.max(least, frac(bits, signed, percentile(histogram, share, signed, reach))));
  }

  /** Returns the exponent, or nothing if the format can hold no element but 0. */
  OptionalInt frac(Histogram histogram, int bits, boolean signed) {
    return frac(histogram, bits, signed, Integer.MIN_VALUE);
  }

  /**
   * Returns the exponent that is best of those that are large enough, or nothing if the format can
   * hold no element but 0.
   *
   * @param least the smallest exponent that may be chosen; the largest legal one if it exceeds that
   */
  OptionalInt frac(Histogram histogram, int bits, boolean signed, int least) {
    double reach =
        signed
            ? Math.max(Math.abs(histogram.min()), Math.abs(histogram.max()))
            : Math.max(0, histogram.max());
    return reach == 0
        ? OptionalInt.empty()
        : OptionalInt.of(
            rule.frac(histogram, bits, signed, reach, Math.min(least, Exponents.largest(bits))));
  }

  /** Returns the exponent of a tensor without reach. */
  static int harmlessFrac(int bits, boolean signed) {
    return signed ? 1 - bits : -bits;
  }

  private static int minMse(
      Histogram histogram, int bits, boolean signed, double reach, int least) {
    int max = frac(bits, signed, reach);
    int coarsest = Math.max(max, least);
    int finest = Math.max(Math.max(max - FINER, Float.MIN_EXPONENT), least);
    int best = coarsest;
    double leastNoise = Double.POSITIVE_INFINITY;
    for (int frac = coarsest; frac >= finest; frac--) {
      double noise = QuantizationError.of(histogram, new FixedPoint(bits, frac, signed)).noise();
      if (noise < leastNoise) {
        leastNoise = noise;
        best = frac;
      }
    }
    return best;
  }

  private static double percentile(
      Histogram histogram, BigDecimal share, boolean signed, double reach) {
    long above =
        BigDecimal.ONE
            .subtract(share)
            .multiply(BigDecimal.valueOf(histogram.count()))
            .setScale(0, RoundingMode.FLOOR)
            .longValueExact();
    double magnitude = histogram.magnitude(above, signed);
    return magnitude == 0 ? reach : Math.min(magnitude, reach);
  }

  private static int frac(int bits, boolean signed, double reach) {
    int frac = Float.MIN_EXPONENT;
    int largest = Exponents.largest(bits);
    while (frac < largest && reach > new FixedPoint(bits, frac, signed).max()) {
      frac++;
    }
    return frac;
  }

  /** Returns the name, as plans show it: {@code MIN_MSE}, or {@code PERCENTILE 99.99}. */
  @Override
  public String toString() {
    return name;
  }
}
