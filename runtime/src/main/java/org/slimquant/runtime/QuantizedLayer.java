package org.slimquant.runtime;

import org.slimquant.format.Calibrated;
import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer, as its method's annotation gives them.
 *
 * @param name the layer method's name
 * @param kernel the format of the kernel, if the layer has one
 * @param output the format of the output
 * @param sum the format of the sum before the activation, if that is more than a clamp
 * @param kernelRequired whether a layer without a kernel is an error, because the annotation
 *     mentions the kernel
 */
public record QuantizedLayer(
    String name,
    FormatRequest kernel,
    FormatRequest output,
    FormatRequest sum,
    boolean kernelRequired) {

  /** Returns a layer that may have a kernel. */
  public static QuantizedLayer of(String name, FormatRequest kernel, FormatRequest output) {
    return new QuantizedLayer(name, kernel, output, sum(output), false);
  }

  /** Returns a layer that must have a kernel. */
  public static QuantizedLayer withKernel(String name, FormatRequest kernel, FormatRequest output) {
    return new QuantizedLayer(name, kernel, output, sum(output), true);
  }

  /** Returns the format of a sum for which the annotation gives none. */
  private static FormatRequest sum(FormatRequest output) {
    return Calibrated.of(output.bits());
  }

  /** Returns this layer with another format for the sum before its activation. */
  public QuantizedLayer withSum(FormatRequest other) {
    return new QuantizedLayer(name, kernel, output, other, kernelRequired);
  }
}
