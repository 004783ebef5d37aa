package org.slimquant.runtime;

import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer, as its method's annotation gives them.
 *
 * @param name the layer method's name
 * @param kernel the format of the kernel, if the layer has one
 * @param output the format of the output
 * @param kernelRequired whether a layer without a kernel is an error, because the annotation
 *     mentions the kernel
 */
public record QuantizedLayer(
    String name, FormatRequest kernel, FormatRequest output, boolean kernelRequired) {

  /** Returns a layer that may have a kernel. */
  public static QuantizedLayer of(String name, FormatRequest kernel, FormatRequest output) {
    return new QuantizedLayer(name, kernel, output, false);
  }

  /** Returns a layer that must have a kernel. */
  public static QuantizedLayer withKernel(String name, FormatRequest kernel, FormatRequest output) {
    return new QuantizedLayer(name, kernel, output, true);
  }
}
