package org.slimquant.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.OptionalDouble;

/**
 * The measurements of a tensor in the format of its site, as calibration made them.
 *
 * <p>The extremes are exact. Shares and ratio come from histograms, which give only a few exact
 * digits. Calibration rounds a share to three digits and the ratio to 0.01 dB, so that a plan's
 * file shows no digits without meaning.
 *
 * @param min the smallest element
 * @param max the largest element
 * @param clippedShare the share of the elements whose code saturates, 0 to 1
 * @param sqnrDb the signal-to-quantization-noise ratio in decibels, {@code 10 log10(Σx² / Σ(q(x) -
 *     x)²)}; infinite if nothing is lost
 * @param lostShare the share of the elements that are not 0 that become 0, 0 to 1: {@code |{x != 0
 *     : -step / 2 <= x < step / 2}| / |{x != 0}|}. The ratio does not show them where others are
 *     much larger: a mask of -10^9 beside scores of 5 gives 50 dB while every score becomes 0.
 *     Weights below 2^-24 of the kernel's largest count as 0, and so do activations that are below
 *     both 2^-24 of the largest and 2^-60. A plan that was written before this was measured has
 *     none
 */
public record TensorStatistics(
    float min, float max, double clippedShare, double sqnrDb, OptionalDouble lostShare) {

  private static final MathContext SHARE_DIGITS = new MathContext(3);
  private static final int DECIBEL_DECIMALS = 2;

  /** Creates statistics without the share of lost elements. */
  public TensorStatistics(float min, float max, double clippedShare, double sqnrDb) {
    this(min, max, clippedShare, sqnrDb, OptionalDouble.empty());
  }

  /**
   * Returns the statistics without digits that have no meaning.
   *
   * @param clippedShare see {@link #clippedShare()}
   * @param sqnrDb see {@link #sqnrDb()}
   * @param lostShare see {@link #lostShare()}
   */
  public static TensorStatistics rounded(
      float min, float max, double clippedShare, double sqnrDb, double lostShare) {
    return new TensorStatistics(
        min,
        max,
        share(clippedShare),
        Double.isFinite(sqnrDb)
            ? new BigDecimal(sqnrDb).setScale(DECIBEL_DECIMALS, RoundingMode.HALF_UP).doubleValue()
            : sqnrDb,
        OptionalDouble.of(share(lostShare)));
  }

  private static double share(double share) {
    return new BigDecimal(share).round(SHARE_DIGITS).doubleValue();
  }
}
