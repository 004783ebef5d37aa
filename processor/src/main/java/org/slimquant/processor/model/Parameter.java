package org.slimquant.processor.model;

import com.google.common.collect.ImmutableList;
import com.palantir.javapoet.TypeName;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.format.FormatRequest;

/**
 * A parameter of a layer method or of a constructor.
 *
 * @param type the type with its type annotations
 * @param role the way in which the argument reaches the layer
 */
public record Parameter(TypeName type, String name, Role role) {

  /** Returns the name in the graph of the input, or the first of its operands, if it is one. */
  public Optional<String> input() {
    if (role instanceof Role.Quantized quantized) {
      return Optional.of(quantized.input());
    }
    return role instanceof Role.QuantizedGroup group
        ? Optional.of(group.input())
        : Optional.empty();
  }

  /** Returns the formats of the input, if it is one. */
  public Stream<FormatRequest> formats() {
    if (role instanceof Role.Quantized quantized) {
      return Stream.of(quantized.format());
    }
    return role instanceof Role.QuantizedGroup group
        ? Stream.concat(Stream.of(group.format()), group.formats().stream())
        : Stream.empty();
  }

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

    /**
     * Quantized, each operand of an array or {@code Iterable}, to the format of the annotation.
     *
     * @param input the first operand's name in the graph
     * @param format the request of the annotation
     * @param formats the formats of the operands in a plan; none if the annotation's is left
     * @param nullable whether the argument may be null, which then stays null
     */
    record QuantizedGroup(
        String input, FormatRequest format, ImmutableList<FormatRequest> formats, boolean nullable)
        implements Role {}
  }
}
