package org.slimquant.runtime.graph;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;

/** Checks an operand before it is quantized, and names it for messages. */
public final class Operands {

  private Operands() {}

  /**
   * Checks that {@code operand} is a tensor of {@code graph}.
   *
   * @param subject the beginning of the message, which says what the operand is
   * @throws IllegalArgumentException if it is of an eager session or of another graph
   */
  public static void requireInGraph(Graph graph, Operand<?> operand, String subject) {
    if (operand.env().isEager()) {
      throw new IllegalArgumentException(
          ("%s must be a tensor of a graph, but is of an eager session; build it with"
                  + " Ops.create(graph)")
              .formatted(subject));
    }
    if (operand.env() != graph) {
      throw new IllegalArgumentException(
          ("%s must be a tensor of the same graph, but %s is of another; give every graph a"
                  + " quantizer of its own")
              .formatted(subject, name(operand.asOutput())));
    }
  }

  /** Returns the name of a tensor in its graph: {@code conv1/Relu:0}. */
  public static String name(Output<?> tensor) {
    return tensor.op().name() + ":" + tensor.index();
  }
}
