package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slimquant.runtime.fakequant.ProbePlacement;
import org.slimquant.runtime.graph.FreezeSwitch;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The tensors of a graph that are weights: computed from variables and constants alone.
 *
 * <p>The result for each op is stored, so that all layers together cost no more than one walk over
 * the graph.
 */
final class WeightTensors {

  /** The visited ops, each with whether it computes a weight. */
  private final Map<GraphOperation, Boolean> known = new HashMap<>();

  /** Notes that {@code tensor} is no weight, whatever it is computed from. */
  void addActivation(Output<?> tensor) {
    known.put((GraphOperation) tensor.op(), false);
  }

  /** Returns whether all inputs of an op are weights. */
  boolean readsOnlyWeights(GraphOperation operation) {
    return inputs(operation).stream().allMatch(input -> isWeight(input.output(0)));
  }

  /** Returns whether {@code tensor} is computed from variables and constants alone. */
  boolean isWeight(Output<?> tensor) {
    GraphOperation asked = (GraphOperation) tensor.op();
    // The visited ops, each with the op by whose input the walk came to it.
    Map<GraphOperation, @Nullable GraphOperation> readers = new HashMap<>();
    readers.put(asked, null);
    Deque<GraphOperation> open = new ArrayDeque<>(List.of(asked));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      Boolean found = known.get(operation);
      if (Boolean.FALSE.equals(found) || isData(operation)) {
        for (GraphOperation fed = operation; fed != null; fed = readers.get(fed)) {
          known.put(fed, false);
        }
        return false;
      }
      if (found == null) {
        for (GraphOperation input : inputs(operation)) {
          if (!readers.containsKey(input)) {
            readers.put(input, operation);
            open.push(input);
          }
        }
      }
    }
    readers.keySet().forEach(operation -> known.put(operation, true));
    return true;
  }

  private static boolean isData(GraphOperation operation) {
    String type = operation.type();
    return (OpKind.of(type) == OpKind.PLACEHOLDER_WITH_DEFAULT
            && !ProbePlacement.isSwitch(operation)
            && !FreezeSwitch.is(operation))
        || (operation.numInputs() == 0 && OpKind.of(type).role() != OpRole.WEIGHT);
  }

  private static List<GraphOperation> inputs(GraphOperation operation) {
    return IntStream.range(0, operation.numInputs())
        .mapToObj(i -> (GraphOperation) operation.input(i).op())
        .toList();
  }
}
