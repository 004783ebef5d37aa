package org.slimquant.runtime.normalization;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** The ops from a layer's input to its output that compute the output. */
record GraphPath(List<String> types) {

  /** Returns the ops that are between the layer's input and its output. */
  static GraphPath ofData(NormalizedLayer layer) {
    List<String> types = new ArrayList<>();
    collect(layer.output.asOutput(), layer.x.asOutput(), types);
    return new GraphPath(types);
  }

  private static boolean collect(Output<?> tensor, Output<?> from, List<String> types) {
    if (tensor.equals(from)) {
      return true;
    }
    GraphOperation operation = (GraphOperation) tensor.op();
    boolean reached = false;
    for (int i = 0; i < operation.numInputs(); i++) {
      reached |= collect(operation.input(i), from, types);
    }
    if (reached) {
      types.add(operation.type());
    }
    return reached;
  }
}
