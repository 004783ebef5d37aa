package org.slimquant.runtime.dropout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Computes scalars of a graph, also those that depend on fed ones. */
final class FedScalars {

  private static final float FED = 0.25f;

  private FedScalars() {}

  /**
   * Returns the values of scalars; NaN for those that cannot be computed from the scalars that are
   * fed here.
   */
  static Map<Output<?>, Double> values(Session session, List<Output<?>> scalars) {
    Map<Output<?>, Double> values = new HashMap<>();
    if (scalars.isEmpty()) {
      return values;
    }
    Set<GraphOperation> placeholders = placeholders(scalars);
    if (!placeholders.stream().allMatch(FedScalars::isFedHere)) {
      scalars.forEach(scalar -> values.put(scalar, Double.NaN));
      return values;
    }
    List<Output<?>> computed =
        scalars.stream()
            .filter(scalar -> !placeholders.contains((GraphOperation) scalar.op()))
            .toList();
    scalars.forEach(scalar -> values.put(scalar, (double) FED));
    if (!computed.isEmpty()) {
      values.putAll(computed(session, computed, placeholders));
    }
    return values;
  }

  private static Map<Output<?>, Double> computed(
      Session session, List<Output<?>> scalars, Set<GraphOperation> placeholders) {
    Map<Output<?>, Double> values = new HashMap<>();
    Session.Runner runner = session.runner();
    scalars.forEach(runner::fetch);
    try (TFloat32 quarter = TFloat32.scalarOf(FED);
        TBool yes = TBool.scalarOf(true)) {
      for (GraphOperation placeholder : placeholders) {
        Tensor fed = placeholder.output(0).type().equals(TBool.class) ? yes : quarter;
        runner.feed(placeholder.output(0), fed);
      }
      try (Result result = UninitializedVariables.run(session, runner, scalars)) {
        for (int i = 0; i < scalars.size(); i++) {
          values.put(scalars.get(i), number(result.get(i)));
        }
      }
    }
    return values;
  }

  private static double number(Tensor tensor) {
    return tensor instanceof TFloat32 number
        ? number.asRawTensor().data().asFloats().getFloat(0)
        : Double.NaN;
  }

  private static Set<GraphOperation> placeholders(List<Output<?>> scalars) {
    Set<GraphOperation> placeholders = new HashSet<>();
    Set<GraphOperation> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>();
    scalars.forEach(scalar -> open.push((GraphOperation) scalar.op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (operation.type().startsWith("Placeholder")) {
        placeholders.add(operation);
      } else if (seen.add(operation)) {
        IntStream.range(0, operation.numInputs())
            .forEach(i -> open.push((GraphOperation) operation.input(i).op()));
      }
    }
    return placeholders;
  }

  private static boolean isFedHere(GraphOperation placeholder) {
    Output<?> output = placeholder.output(0);
    return output.shape().equals(Shape.scalar())
        && (output.type().equals(TBool.class) || output.type().equals(TFloat32.class));
  }
}
