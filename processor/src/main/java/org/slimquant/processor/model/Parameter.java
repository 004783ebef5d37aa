package org.slimquant.processor.model;

import com.palantir.javapoet.TypeName;
import org.slimquant.format.FormatRequest;

/**
 * A parameter of a layer method or of a constructor.
 *
 * @param type the type with its type annotations
 * @param role what the layer does with the argument
 */
public record Parameter(TypeName type, String name, Role role) {

  /** How an argument reaches the layer method that is overridden. */
  public sealed interface Role {

    /** As it is: no operand, or the parameter of a constructor. */
    record Plain() implements Role {}

    /** As it is, once the quantizer knows that it flows into the layer. */
    record Operand() implements Role {}

    /** An array or {@code Iterable} of operands; as {@link Operand}. */
    record Operands() implements Role {}

    /**
     * Quantized to the format of its annotation.
     *
     * @param input the name of the input in the graph
     * @param nullable whether the argument may be null, which then stays null
     */
    record Quantized(String input, FormatRequest format, boolean nullable) implements Role {}
  }
}
