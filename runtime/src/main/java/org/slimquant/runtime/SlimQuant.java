package org.slimquant.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.graph.Operands;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** Reroutes edges of a graph for models without annotations. */
public final class SlimQuant {

  private SlimQuant() {}

  /**
   * Puts a quantized tensor in the place of the tensor it was made from: reroutes, from {@code
   * producer} to {@code quantTensor}, the inputs of every op that reads {@code producer} and whose
   * name contains {@code name}.
   *
   * <pre>{@code
   * producer ─┬─▶ conv1/Conv2D          producer ─┬─▶ FakeQuant ─▶ conv1/Conv2D
   *           └─▶ FakeQuant                       └─▶ …
   * }</pre>
   *
   * <p>The ops that compute {@code quantTensor} go on reading {@code producer}, and so do ops that
   * write or keep a variable: its initial assignment, optimizers, save and restore. Reroute before
   * a session runs the graph: TensorFlow ignores an edge that changes later.
   *
   * @param graph the graph of both tensors
   * @param producer the tensor to replace
   * @param name a part of the names of the ops to reroute; the empty string is a part of every name
   * @param quantTensor the tensor to read instead, of the same shape
   * @return the number of rerouted inputs, at least 1
   * @throws IllegalArgumentException if a tensor is not in {@code graph}, or if there is no op to
   *     reroute; the graph is then unchanged
   */
  public static int insertQuantOp(
      Graph graph, Operand<TFloat32> producer, String name, Operand<TFloat32> quantTensor) {
    Operands.requireInGraph(graph, producer, "the producer");
    Operands.requireInGraph(graph, quantTensor, "the quantized tensor");
    Output<TFloat32> source = producer.asOutput();
    Set<GraphOperation> quantizing = between(source, quantTensor.asOutput());
    List<Edge> readers =
        NativeGraph.readers(source).stream()
            .filter(edge -> !quantizing.contains(edge.reader()))
            .toList();
    List<Edge> rerouted =
        readers.stream()
            .filter(edge -> edge.reader().name().contains(name))
            .filter(edge -> !edge.maintainsVariable())
            .toList();
    if (rerouted.isEmpty()) {
      throw new IllegalArgumentException(
          "an op that reads %s must have \"%s\" in its name, but it is read by %s"
              .formatted(
                  Operands.name(source),
                  name,
                  readers.isEmpty()
                      ? "no op"
                      : readers.stream().map(Edge::toString).collect(Collectors.joining(", "))));
    }
    rerouted.forEach(edge -> NativeGraph.reroute(edge, quantTensor.asOutput()));
    return rerouted.size();
  }

  /** Returns the ops that compute {@code quantTensor} from {@code producer}. */
  private static Set<GraphOperation> between(Output<?> producer, Output<?> quantTensor) {
    Set<GraphOperation> seen = new HashSet<>();
    Deque<Output<?>> open = new ArrayDeque<>(List.of(quantTensor));
    while (!open.isEmpty()) {
      Output<?> tensor = open.pop();
      GraphOperation operation = (GraphOperation) tensor.op();
      if (!tensor.equals(producer) && seen.add(operation)) {
        for (int i = 0; i < operation.numInputs(); i++) {
          open.push(operation.input(i));
        }
      }
    }
    return seen;
  }
}
