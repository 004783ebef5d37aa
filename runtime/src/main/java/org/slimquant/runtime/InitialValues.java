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
 * a session. Where the values are meant, {@link #allow} says so:
 *
 * <pre>{@code
 * InitialValues.allow(graph);
 * }</pre>
 *
 * <p>A session is refused where it is certain that each variable that is read has the value of its
 * initializer. There are three ways to be certain:
 *
 * <ul>
 *   <li>Nothing in the graph writes these variables but their initializers: no optimizer, no
 *       assignment, and nothing that restores. TensorFlow adds the ops that restore when a session
 *       of the graph saves or restores for the first time.
 *   <li>The session has neither run anything nor restored anything.
 *   <li>Nothing but optimizers could have written them, and all that these write has the values of
 *       a new session, bit for bit: see {@link Untrained}.
 * </ul>
 *
 * <p>So no session is refused that restored a checkpoint, whose variables were assigned or trained,
 * or that was loaded with a SavedModel; nor a model of constants. A session that should be refused
 * is not if it has run something, and its graph has ops that assign or restore, which it did not
 * run; or an optimizer without state of its own, like gradient descent, and initializers that are
 * random without a seed.
 */
public final class InitialValues {

  /** The op by which a graph says that its initial values are meant. */
  private static final String ALLOWED = "SlimQuant/initialValuesAllowed";

  private InitialValues() {}

  /**
   * Says that the variables of a graph may have the values of their initializers: that these are
   * trained weights, or that random ones are meant.
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
   * @throws IllegalStateException if it certainly has not, and {@link #allow} did not say that this
   *     is meant; the message names the variables
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
