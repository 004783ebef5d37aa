package org.slimquant.deploy;

/**
 * The reason that an op cannot be converted to integers.
 *
 * @param op the name of the op in the graph
 * @param type its type in TensorFlow: {@code Tanh}
 * @param reason why it cannot be converted
 * @param remedy how to change the model
 */
public record Refusal(String op, String type, String reason, String remedy) {

  /** Returns the refusal as a line of a message: {@code op (type): reason; remedy}. */
  @Override
  public String toString() {
    return "%s (%s): %s; %s".formatted(op, type, reason, remedy);
  }
}
