package org.slimquant.runtime;

import java.util.List;
import org.slimquant.format.FormatRequest;

/**
 * The formats of the operands in an array or {@code Iterable} that flows into a layer, as its
 * parameter's annotation gives them. Their sites are called {@code x}, {@code x_1}, {@code x_2}.
 *
 * @param name the parameter's name
 * @param formats the format of each operand, or one for all
 * @param one whether there is one format for all
 */
public record QuantizedInputs(String name, List<FormatRequest> formats, boolean one) {

  public QuantizedInputs {
    formats = List.copyOf(formats);
  }

  /** Returns inputs of which each has the same request. */
  public static QuantizedInputs each(String name, FormatRequest format) {
    return new QuantizedInputs(name, List.of(format), true);
  }

  /** Returns inputs with a format each. */
  public static QuantizedInputs of(String name, FormatRequest... formats) {
    return new QuantizedInputs(name, List.of(formats), false);
  }

  /**
   * Returns the input of an operand.
   *
   * @throws IllegalArgumentException if there is no format for it
   */
  QuantizedInput input(String layer, int index) {
    if (!one && index >= formats.size()) {
      throw new IllegalArgumentException(
          ("parameter %s of layer %s must have at most %d operands, as many as the plan had when the"
                  + " model was compiled, but has more; calibrate the model again, and compile it"
                  + " with the new plan")
              .formatted(name, layer, formats.size()));
    }
    return new QuantizedInput(QuantizedLayer.numbered(name, index), formats.get(one ? 0 : index));
  }
}
