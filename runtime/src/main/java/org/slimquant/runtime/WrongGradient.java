package org.slimquant.runtime;

/**
 * An op that a graph trains through, and whose gradient TensorFlow computes wrongly.
 *
 * @param op the name of the op: {@code head/LogSoftmax}
 * @param type TensorFlow's type of the op
 * @param fault the fault of the gradient
 * @param remedy the ops to build in the op's place
 */
public record WrongGradient(String op, String type, String fault, String remedy)
    implements Finding {

  /** Returns the finding as a sentence. */
  @Override
  public String toString() {
    return "%s (%s) must have a right gradient, because the graph trains through it, but %s; %s"
        .formatted(op, type, fault, remedy);
  }
}
