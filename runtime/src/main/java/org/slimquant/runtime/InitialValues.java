package org.slimquant.runtime;

import java.util.Collection;
import java.util.List;
import org.slimquant.runtime.graph.VariableWriters;
import org.slimquant.runtime.graph.Variables;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;

/**
 * Refuses a session in which the variables of a model still have the values of their initializers.
 *
 * <p>TensorFlow Java 1.1.0 runs the initializers of {@code tf.variable(init)} by itself, so a
 * forgotten {@link Session#restore} leaves a model that runs, with random weights. Calibration,
 * {@link GraphQuantizer#checkBiases}, {@code ProbingQuantizer} and the integer compiler refuse such
 * a session. If the values are intended, call {@link #allow}:
 *
 * <pre>{@code
 * InitialValues.allow(graph);
 * }</pre>
 *
 * <p>A session is refused if each variable that is read certainly has the value of its initializer.
 * There are three ways to be certain:
 *
 * <ul>
 *   <li>Only their initializers write these variables in the graph: it has no optimizer, no
 *       assignment and no op that restores. TensorFlow adds the ops that restore when a session of
 *       the graph saves or restores for the first time.
 *   <li>The session has neither run anything nor restored anything.
 *   <li>Only optimizers could have written them, and all variables that these write have the values
 *       of a new session, bit for bit: see {@link Untrained}.
 * </ul>
 *
 * <p>So a session is not refused if it restored a checkpoint, if its variables were assigned or
 * trained, if it was loaded with a SavedModel, or if the model consists of constants. A session
 * that should be refused is accepted in two cases, if it has run something: its graph has ops that
 * assign or restore, which the session did not run; or its graph has an optimizer without state of
 * its own, like gradient descent, and initializers that are random without a seed.
 */
public final class InitialValues {

  /** The op that marks the initial values of a graph as intended. */
  private static final String ALLOWED = "SlimQuant/initialValuesAllowed";

  private InitialValues() {}

  /**
   * Allows the variables of a graph to have the values of their initializers, because these are
   * trained weights, or because random ones are intended.
   */
  public static void allow(Graph graph) {
    if (!isAllowed(graph)) {
      graph.opBuilder("NoOp", ALLOWED, graph.baseScope()).build();
    }
  }

  private static boolean isAllowed(Graph graph) {
    return graph.operation(ALLOWED) != null;
  }

  /**
   * Checks that a session has more than the initial values of the variables that tensors are
   * computed from.
   *
   * @throws IllegalStateException if it certainly has not, and {@link #allow} was not called; the
   *     message names the variables
   */
  public static void refuse(Session session, Collection<? extends Operand<?>> tensors) {
    Graph graph = session.graph();
    if (isAllowed(graph)) {
      return;
    }
    List<GraphOperation> variables = Variables.readBy(tensors);
    VariableWriters writers = new VariableWriters(graph);
    if (variables.isEmpty() || !variables.stream().allMatch(writers::isInitialized)) {
      return;
    }
    if (variables.stream().allMatch(variable -> writers.others(variable).isEmpty())
        || SessionInitializers.noneRan(session)
        || Untrained.isCertain(session, variables, writers)) {
      throw new IllegalStateException(
          ("the variables of a session must be restored, assigned or trained, but %s the initial"
                  + " value; call session.restore(checkpoint) before, or, if the initial values are"
                  + " meant, InitialValues.allow(graph)")
              .formatted(names(variables)));
    }
  }

  private static String names(List<GraphOperation> variables) {
    String first = variables.get(0).name();
    return switch (variables.size()) {
      case 1 -> first + " still has";
      case 2 -> "%s and %s still have".formatted(first, variables.get(1).name());
      default -> "%s and %d others still have".formatted(first, variables.size() - 1);
    };
  }
}
