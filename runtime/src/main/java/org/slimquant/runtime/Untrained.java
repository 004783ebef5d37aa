package org.slimquant.runtime;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slimquant.runtime.graph.VariableWriters;
import org.slimquant.runtime.graph.Variables;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * Compares the variables that optimizers write with their values in new sessions.
 *
 * <p>Initializers without a seed give other values in each session. Two new sessions show which
 * variables begin with the same value in all: those with a seed, and those that begin as constants,
 * like the state that optimizers keep. If all of these that an op writes are unchanged, the op has
 * not run. So the other variables that it writes have their initial values, too:
 *
 * <pre>{@code
 * ApplyAdam(kernel, m, v, …)        m and v are 0, as in a new session: it has not run
 * }</pre>
 */
final class Untrained {

  private Untrained() {}

  /**
   * Returns whether it is certain that {@code variables} have their initial values in a session.
   */
  static boolean isCertain(
      Session session, List<GraphOperation> variables, VariableWriters writers) {
    List<GraphOperation> others =
        variables.stream().flatMap(variable -> writers.others(variable).stream()).toList();
    if (!others.stream().allMatch(VariableWriters::isOptimizer)) {
      return false; // an assigned or restored value may be the initial one
    }
    List<List<GraphOperation>> written = others.stream().map(VariableWriters::written).toList();
    Set<GraphOperation> all = new LinkedHashSet<>(variables);
    written.forEach(all::addAll);
    try {
      Map<GraphOperation, ByteBuffer> steady = steadyValues(session.graph(), all);
      return written.stream().allMatch(some -> some.stream().anyMatch(steady::containsKey))
          && values(session, steady.keySet()).equals(steady);
    } catch (TensorFlowException e) {
      return false; // some variables have no value, or an initializer must be fed
    }
  }

  /** Returns the values of those variables that have the same in each new session. */
  private static Map<GraphOperation, ByteBuffer> steadyValues(
      Graph graph, Collection<GraphOperation> variables) {
    Map<GraphOperation, ByteBuffer> steady;
    try (Session session = new Session(graph)) {
      steady = values(session, variables);
    }
    try (Session session = new Session(graph)) {
      steady.entrySet().retainAll(values(session, steady.keySet()).entrySet());
    }
    return steady;
  }

  /** Returns the bytes of the variables that can be read without adding an op to the graph. */
  private static Map<GraphOperation, ByteBuffer> values(
      Session session, Collection<GraphOperation> variables) {
    Map<GraphOperation, ByteBuffer> values = new LinkedHashMap<>();
    List<GraphOperation> readable = new ArrayList<>();
    Session.Runner runner = session.runner();
    for (GraphOperation variable : variables) {
      Optional<Output<?>> value = Variables.value(variable);
      value.ifPresent(runner::fetch);
      value.ifPresent(tensor -> readable.add(variable));
    }
    if (readable.isEmpty()) {
      return values;
    }
    try (Result result = runner.run()) {
      for (int i = 0; i < readable.size(); i++) {
        RawTensor tensor = result.get(i).asRawTensor();
        byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
        tensor.data().read(bytes);
        values.put(readable.get(i), ByteBuffer.wrap(bytes));
      }
    }
    return values;
  }
}
