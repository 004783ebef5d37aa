package org.slimquant.examples.measures;

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
    Grid grid = Grid.of(site);
    float newMin = min;
    float newMax = max;
    long newClipped = clipped;
    for (int i = 0; i < raw.length; i++) {
      newMin = Math.min(newMin, raw[i]);
      newMax = Math.max(newMax, raw[i]);
      if (grid.clips(raw[i], i)) {
        newClipped++;
      }
    }
    return new SiteMeasure(site, newMin, newMax, elements + raw.length, newClipped, offGrid);
  }

  /** Returns this measure, with the elements of a tensor after it is quantized. */
  SiteMeasure withQuantized(float[] quantized) {
    Grid grid = Grid.of(site);
    long newOffGrid = offGrid;
    for (int i = 0; i < quantized.length; i++) {
      if (!grid.holds(quantized[i], i)) {
        newOffGrid++;
      }
    }
    return new SiteMeasure(site, min, max, elements, clipped, newOffGrid);
  }
}
