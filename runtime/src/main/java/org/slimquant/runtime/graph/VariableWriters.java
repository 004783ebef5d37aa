package org.slimquant.runtime.graph;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.proto.DataType;

/**
 * The ops that write the variables of a graph.
 *
 * <pre>{@code
 * Const ─▶ Assign ─▶ Variable          its initializer
 * RestoreV2 ─▶ Assign ─▶ Variable      another writer
 * }</pre>
 *
 * <p>A ref variable is written by an op that reads it as a reference, a resource variable by any op
 * that reads its handle and does not just read its value.
 */
public final class VariableWriters {

  private static final Set<String> HANDLE_READERS =
      Set.of(
          "ReadVariableOp",
          "ResourceGather",
          "ResourceGatherNd",
          "VarIsInitializedOp",
          "VariableShape");

  private static final String REFERENCE_READER = "IsVariableInitialized";

  private static final Pattern OPTIMIZERS = Pattern.compile("(Resource)?(Sparse)?Apply.*");

  /** The op that runs the initializers of a graph that was imported. */
  private static final String INIT = "Init";

  private final Graph graph;

  public VariableWriters(Graph graph) {
    this.graph = graph;
  }

  /** Returns whether a variable has an initializer. */
  public boolean isInitialized(GraphOperation variable) {
    return writers(variable).anyMatch(this::isInitializer);
  }

  /** Returns the ops other than initializers that could write a variable. */
  public List<GraphOperation> others(GraphOperation variable) {
    return writers(variable).filter(writer -> !isInitializer(writer)).toList();
  }

  /** Returns the variables that an op could write. */
  public static List<GraphOperation> written(GraphOperation writer) {
    return IntStream.range(0, writer.numInputs())
        .mapToObj(i -> Edge.of(writer, i))
        .filter(VariableWriters::writes)
        .map(edge -> (GraphOperation) edge.source().op())
        .toList();
  }

  /** Returns whether an op makes a step of an optimizer. */
  public static boolean isOptimizer(GraphOperation writer) {
    return OPTIMIZERS.matcher(writer.type()).matches();
  }

  private static Stream<GraphOperation> writers(GraphOperation variable) {
    return NativeGraph.readers(variable.output(0)).stream()
        .filter(VariableWriters::writes)
        .map(Edge::reader);
  }

  private static boolean writes(Edge edge) {
    String reader = edge.reader().type();
    return edge.source().dataType() == DataType.DT_RESOURCE
        ? !HANDLE_READERS.contains(reader)
        : NativeGraph.readsReference(edge) && !reader.equals(REFERENCE_READER);
  }

  private boolean isInitializer(GraphOperation operation) {
    if (graph.isInitializer(operation)) {
      return true;
    }
    GraphOperation init = graph.operation(INIT);
    // A SavedModel has this op, too, but it is not run when the model is loaded.
    return init != null && graph.isInitializer(init) && init.controlInputs().contains(operation);
  }
}
