package org.slimquant.demo.measures;

import org.slimquant.plan.QuantizationPlan.Site;

/**
 * Measures of the elements of a quantized tensor, over many images.
 *
 * @param site the tensor
 * @param min the smallest element before it is quantized
 * @param max the largest element before it is quantized
 * @param elements the number of elements
 * @param clipped the elements that the format cannot hold: their codes would lie outside its codes
 * @param nonzero the elements that are not 0
 * @param lost the elements that are not 0 and become 0
 * @param offGrid the elements that, after quantization, are not a multiple of the step or have no
 *     code; 0 if all is well
 * @param signal the sum of the squared elements before they are quantized
 * @param noise the sum of the squared errors that quantization adds to them
 */
public record SiteMeasure(
    Site site,
    float min,
    float max,
    long elements,
    long clipped,
    long nonzero,
    long lost,
    long offGrid,
    double signal,
    double noise) {

  static SiteMeasure none(Site site) {
    return new SiteMeasure(
        site, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Returns the signal-to-quantization-noise ratio in decibels, {@code 10 log10(Σx² / Σ(q(x) -
   * x)²)}; infinite if nothing is lost.
   */
  public double sqnrDb() {
    return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
  }

  /** Returns the share of the elements that are clipped, 0 to 1. */
  public double clippedShare() {
    return elements == 0 ? 0 : (double) clipped / elements;
  }

  /** Returns the share of the elements that are not 0 that become 0, 0 to 1. */
  public double lostShare() {
    return nonzero == 0 ? 0 : (double) lost / nonzero;
  }

  /** Returns this measure, with the elements of a tensor before and after it is quantized. */
  SiteMeasure with(float[] raw, float[] quantized) {
    StepGrid grid = StepGrid.of(site);
    float newMin = min;
    float newMax = max;
    long newClipped = clipped;
    long newNonzero = nonzero;
    long newLost = lost;
    long newOffGrid = offGrid;
    double newSignal = signal;
    double newNoise = noise;
    for (int i = 0; i < raw.length; i++) {
      newMin = Math.min(newMin, raw[i]);
      newMax = Math.max(newMax, raw[i]);
      newClipped += grid.clips(raw[i], i) ? 1 : 0;
      newNonzero += raw[i] == 0 ? 0 : 1;
      newLost += raw[i] != 0 && quantized[i] == 0 ? 1 : 0;
      newOffGrid += grid.holds(quantized[i], i) ? 0 : 1;
      double error = (double) quantized[i] - raw[i];
      newSignal += (double) raw[i] * raw[i];
      newNoise += error * error;
    }
    return new SiteMeasure(
        site,
        newMin,
        newMax,
        elements + raw.length,
        newClipped,
        newNonzero,
        newLost,
        newOffGrid,
        newSignal,
        newNoise);
  }
}
