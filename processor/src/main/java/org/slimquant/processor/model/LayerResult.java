package org.slimquant.processor.model;

import com.google.common.collect.ImmutableList;

/** The form in which a layer method returns its outputs. */
public sealed interface LayerResult {

  /** One operand. */
  record One() implements LayerResult {}

  /** An array of operands. */
  record Array() implements LayerResult {}

  /** A list of operands. */
  record Listed() implements LayerResult {}

  /**
   * A record of operands.
   *
   * @param components the names of the components, which are those of the outputs, too
   */
  record Components(ImmutableList<String> components) implements LayerResult {}
}
