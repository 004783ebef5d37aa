package org.slimquant.runtime.graph;

import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;

/**
 * The switch of a graph that freezes the statistics of its batch normalizations: a placeholder that
 * is false if nothing is fed.
 */
public final class FreezeSwitch {

  private static final String NAME = "SlimQuant/freeze_batch_norms";

  private FreezeSwitch() {}

  /** Returns the switch of a graph, if a layer of the graph needs it. */
  public static Optional<Output<TBool>> find(Graph graph) {
    return Optional.ofNullable(graph.operation(NAME)).map(operation -> operation.output(0));
  }

  /** Returns the switch of a graph, which is added if the graph has none. */
  public static Output<TBool> of(Graph graph) {
    return find(graph).orElseGet(() -> add(graph));
  }

  private static Output<TBool> add(Graph graph) {
    try (TBool value = TBool.scalarOf(false)) {
      Output<?> off =
          graph
              .opBuilder("Const", NAME + "/off", graph.baseScope())
              .setAttr("dtype", DataType.DT_BOOL)
              .setAttr("value", value)
              .build()
              .output(0);
      return graph
          .opBuilder("PlaceholderWithDefault", NAME, graph.baseScope())
          .addInput(off)
          .setAttr("dtype", DataType.DT_BOOL)
          .setAttr("shape", Shape.scalar())
          .build()
          .output(0);
    }
  }

  /** Returns whether an op is the switch: it is fed, but is no data. */
  public static boolean is(GraphOperation operation) {
    return operation.name().equals(NAME);
  }
}
