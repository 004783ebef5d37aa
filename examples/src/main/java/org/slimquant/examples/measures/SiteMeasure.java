package org.slimquant.examples.measures;

import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.QuantizationPlan.Site;

/**
 * What the elements of a quantized tensor were like over many images.
 *
 * @param site the tensor
 * @param min the smallest element before it is quantized
 * @param max the largest element before it is quantized
 * @param elements the number of elements
 * @param clipped the elements that the format cannot hold: their codes would lie outside its own
 * @param offGrid the elements that are, quantized, no multiple of the step or have no code; 0 if
 *     all is well
 */
public record SiteMeasure(
    Site site, float min, float max, long elements, long clipped, long offGrid) {

  static SiteMeasure none(Site site) {
    return new SiteMeasure(site, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 0, 0);
  }

  /** Returns the share of the elements that are clipped, 0 to 1. */
  public double clippedShare() {
    return elements == 0 ? 0 : (double) clipped / elements;
  }

  /** Returns this measure, with the elements of a tensor before it is quantized. */
  SiteMeasure withRaw(float[] raw) {
    FixedPoint format = site.format();
    float newMin = min;
    float newMax = max;
    long newClipped = clipped;
    for (float x : raw) {
      newMin = Math.min(newMin, x);
      newMax = Math.max(newMax, x);
      // The same rounding as the format's, before it saturates.
      double code = Math.floor(Math.scalb((double) x, -format.frac()) + 0.5);
      if (code < format.minCode() || code > format.maxCode()) {
        newClipped++;
      }
    }
    return new SiteMeasure(site, newMin, newMax, elements + raw.length, newClipped, offGrid);
  }

  /** Returns this measure, with the elements of a tensor after it is quantized. */
  SiteMeasure withQuantized(float[] quantized) {
    long newOffGrid = offGrid;
    for (float x : quantized) {
      if (!isOnGrid(x, site.format())) {
        newOffGrid++;
      }
    }
    return new SiteMeasure(site, min, max, elements, clipped, newOffGrid);
  }

  /** Whether {@code x} is a code of the format times its step. Exact: no tolerance. */
  static boolean isOnGrid(float x, FixedPoint format) {
    double code = Math.scalb((double) x, -format.frac());
    return code == Math.rint(code) && code >= format.minCode() && code <= format.maxCode();
  }
}
