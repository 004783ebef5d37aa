package org.slimquant.runtime.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFFailedPreconditionException;

/**
 * Names the variables without a value if a run fails because of them. TensorFlow's own error names
 * one of them, and no remedy.
 *
 * <p>A successful run costs nothing more. After a failed run, each variable that it reads is read
 * alone, so that no op has to be added to the graph. A read that waits for other ops is left out:
 * these ops could write variables, or need to be fed.
 */
public final class UninitializedVariables {

  private static final Set<String> VARIABLES = Set.of("Variable", "VariableV2");

  private UninitializedVariables() {}

  /**
   * Runs {@code runner}.
   *
   * @param session the session that the runner is of
   * @param fetched tensors that the runner fetches, perhaps not all
   * @throws IllegalStateException if variables that {@code fetched} is computed from have no value;
   *     the message names all of them
   */
  public static Result run(
      Session session, Session.Runner runner, Collection<? extends Operand<?>> fetched) {
    try {
      return runner.run();
    } catch (TFFailedPreconditionException e) {
      Set<String> names = names(session, fetched);
      if (names.isEmpty()) {
        throw e;
      }
      throw new IllegalStateException(
          ("each variable that a session reads must have a value, but %s %s none; initialise the"
                  + " session or restore a checkpoint into it before")
              .formatted(String.join(", ", names), names.size() == 1 ? "has" : "have"),
          e);
    }
  }

  private static Set<String> names(Session session, Collection<? extends Operand<?>> fetched) {
    Set<String> names = new TreeSet<>();
    reads(fetched)
        .forEach(
            (variable, read) -> {
              try {
                session.runner().fetch(read).run().close();
              } catch (TFFailedPreconditionException e) {
                names.add(variable);
              }
            });
    return names;
  }

  /** Returns a tensor with the value of each variable that tensors are computed from. */
  private static Map<String, Output<?>> reads(Collection<? extends Operand<?>> tensors) {
    Map<String, Output<?>> reads = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>();
    tensors.forEach(tensor -> open.push((GraphOperation) tensor.asOutput().op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (!seen.add(operation.name())) {
        continue;
      }
      if (VARIABLES.contains(operation.type())) {
        reads.put(operation.name(), operation.output(0));
      } else if (Variables.isRead(operation) && operation.numControlInputs() == 0) {
        reads.put(operation.input(0).op().name(), operation.output(0));
      }
      for (int i = 0; i < operation.numInputs(); i++) {
        open.push((GraphOperation) operation.input(i).op());
      }
    }
    return reads;
  }
}
