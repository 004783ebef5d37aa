package org.slimquant.runtime;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * What calibration measured of a tensor, in the format that its site has.
 *
 * <p>The extremes are exact. Share and ratio come from histograms, which do not know them better
 * than to a few digits: calibration gives three of the share and the ratio to 0.01 dB, so that a
 * plan's file shows no digits that mean nothing.
 *
 * @param min the smallest element
 * @param max the largest element
 * @param clippedShare the share of the elements whose code saturates, 0 to 1
 * @param sqnrDb the signal-to-quantization-noise ratio in decibels, {@code 10 log10(Σx² / Σ(q(x) -
 *     x)²)}; infinite if nothing is lost
 */
public record Measure(float min, float max, double clippedShare, double sqnrDb) {

  private static final MathContext SHARE_DIGITS = new MathContext(3);
  private static final int DECIBEL_DECIMALS = 2;

  /** Returns the measure of a tensor that loses {@code loss}, without digits that mean nothing. */
  static Measure of(float min, float max, Loss loss) {
    double share = new BigDecimal(loss.clippedShare()).round(SHARE_DIGITS).doubleValue();
    double ratio = loss.sqnrDb();
    return new Measure(
        min,
        max,
        share,
        Double.isFinite(ratio)
            ? new BigDecimal(ratio).setScale(DECIBEL_DECIMALS, RoundingMode.HALF_UP).doubleValue()
            : ratio);
  }
}
