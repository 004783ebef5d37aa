package org.slimquant.processor.model;

import org.slimquant.format.Calibrated;
import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer.
 *
 * @param sum the format of the sum before an activation that is more than a clamp
 * @param kernelRequired whether the annotation mentions the kernel, so that a layer without one is
 *     an error
 */
public record LayerFormats(
    FormatRequest kernel, FormatRequest output, FormatRequest sum, boolean kernelRequired) {

  /** Returns whether the sum has the format of a layer whose annotation and plan give none. */
  public boolean hasDefaultSum() {
    return sum.equals(Calibrated.of(output.bits()));
  }
}
