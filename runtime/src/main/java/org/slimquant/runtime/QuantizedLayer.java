package org.slimquant.runtime;

import java.util.List;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.SiteName;

/**
 * The formats of a layer, as its method's annotation gives them.
 *
 * @param name the layer method's name
 * @param kernel the format of the kernel, if the layer has one
 * @param output the format of the output, and of each output without a format of its own
 * @param sum the format of the sum before the activation, if that is more than a clamp
 * @param kernelRequired whether a layer without a kernel is an error, because the annotation
 *     mentions the kernel
 * @param outputs the outputs with names or formats of their own; none if all outputs have the
 *     format {@code output} and the names {@code output}, {@code output_1}, {@code output_2}
 */
public record QuantizedLayer(
    String name,
    FormatRequest kernel,
    FormatRequest output,
    FormatRequest sum,
    boolean kernelRequired,
    List<QuantizedOutput> outputs) {

  public QuantizedLayer {
    outputs = List.copyOf(outputs);
  }

  /** Returns a layer that may have a kernel. */
  public static QuantizedLayer of(String name, FormatRequest kernel, FormatRequest output) {
    return new QuantizedLayer(name, kernel, output, sum(output), false, List.of());
  }

  /** Returns a layer that must have a kernel. */
  public static QuantizedLayer withKernel(String name, FormatRequest kernel, FormatRequest output) {
    return new QuantizedLayer(name, kernel, output, sum(output), true, List.of());
  }

  /** Returns the format of a sum for which the annotation gives none. */
  private static FormatRequest sum(FormatRequest output) {
    return Calibrated.of(output.bits());
  }

  /** Returns this layer with another format for the sum before its activation. */
  public QuantizedLayer withSum(FormatRequest other) {
    return new QuantizedLayer(name, kernel, output, other, kernelRequired, outputs);
  }

  /** Returns this layer with outputs that have names or formats of their own. */
  public QuantizedLayer returning(QuantizedOutput... returned) {
    return new QuantizedLayer(name, kernel, output, sum, kernelRequired, List.of(returned));
  }

  /**
   * Returns the name and the format of an output.
   *
   * @throws IllegalArgumentException if there is no format for it
   */
  QuantizedOutput output(int index) {
    if (outputs.isEmpty()) {
      return new QuantizedOutput(numbered(SiteName.OUTPUT, index), output);
    }
    if (index >= outputs.size()) {
      throw new IllegalArgumentException(
          ("layer %s must return at most %d operands, as many as the plan had when the model was"
                  + " compiled, but returns more; calibrate the model again, and compile it with"
                  + " the new plan")
              .formatted(name, outputs.size()));
    }
    return outputs.get(index);
  }

  /** Returns the name of one of several operands: {@code x}, {@code x_1}, {@code x_2}. */
  static String numbered(String name, int index) {
    return index == 0 ? name : "%s_%d".formatted(name, index);
  }
}
