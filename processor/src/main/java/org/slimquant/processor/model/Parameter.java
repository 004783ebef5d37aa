package org.slimquant.processor.model;

import com.palantir.javapoet.TypeName;
import org.slimquant.format.FormatRequest;

/**
 * A parameter of a layer method or of a constructor.
 *
 * @param type the type with its type annotations
 * @param role the way in which the argument reaches the layer
 */
public record Parameter(TypeName type, String name, Role role) {

  /** The way in which an argument reaches the layer method that is overridden. */
  public sealed interface Role {

    /** Unchanged: an argument that is no operand, or the argument of a constructor. */
    record Plain() implements Role {}

    /** Unchanged, after the quantizer has noted that the operand flows into the layer. */
    record Operand() implements Role {}

    /** Like {@link Operand}, for an array or {@code Iterable} of operands. */
    record Operands() implements Role {}

    /**
     * Quantized to the format of its annotation.
     *
     * @param input the input's name in the graph
     * @param nullable whether the argument may be null, which then stays null
     */
    record Quantized(String input, FormatRequest format, boolean nullable) implements Role {}
  }
}
