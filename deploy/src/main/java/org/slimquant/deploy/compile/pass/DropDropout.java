package org.slimquant.deploy.compile.pass;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.GraphReader;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.dropout.Dropout;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;

/**
 * Drops dropout, which a deployed model does not have.
 *
 * <pre>{@code
 * x ─▶ Mul 1/keep ─▶ Mul mask ─▶ MatMul          before
 * x ─▶ MatMul                                    after
 * }</pre>
 *
 * <p>A dropout keeps the average: the kept elements are scaled to make up for the dropped ones,
 * whichever share is fed. The pass checks this with the session. With any other factor the model
 * would differ without the dropout, so the dropout is refused.
 *
 * <p>A dropout of weights stays, and is refused as a kernel that is computed at random, because the
 * session gives only its values in one run.
 */
public final class DropDropout implements Pass {

  /** The largest distance of a factor from 1: a few roundings of float32. */
  private static final double TOLERANCE = 1e-5;

  private final Session session;

  public DropDropout(Session session) {
    this.session = session;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    OpGraph rest = graph;
    // Some ops of a dropout may look like a dropout, too. So the largest one is dropped first, with
    // all its ops.
    for (Optional<Node> last = last(rest); last.isPresent(); last = last(rest)) {
      Node node = last.get();
      Dropout dropout = dropout(node).orElseThrow();
      requireNoOtherFactor(node, dropout, refusals);
      rest = without(rest, node.id(), GraphReader.id(dropout.data()));
    }
    return rest;
  }

  /** Returns the last op of a dropout of data that is not a part of a larger one. */
  private Optional<Node> last(OpGraph graph) {
    Set<String> data = new HashSet<>();
    Optional<Node> last = Optional.empty();
    for (Node node : graph.nodes()) {
      if (node.is(Node.INPUT)
          || node.inputs().stream().anyMatch(input -> data.contains(graph.node(input).id()))) {
        data.add(node.id());
        if (dropout(node).filter(found -> isIn(data, found.data())).isPresent()) {
          last = Optional.of(node);
        }
      }
    }
    return last;
  }

  private static OpGraph without(OpGraph graph, String dropout, String data) {
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                node ->
                    node.withInputs(
                        node.inputs().stream()
                            .map(input -> input.equals(dropout) ? data : input)
                            .toList()))
            .toList();
    return graph.with(nodes, output -> output.equals(dropout) ? data : output);
  }

  /** Returns whether a tensor is data. Tensors from which the input is computed are not. */
  private static boolean isIn(Set<String> data, Output<?> tensor) {
    return data.contains(GraphReader.id(tensor)) || data.contains(tensor.op().name());
  }

  private Optional<Dropout> dropout(Node node) {
    return Optional.<GraphOperation>ofNullable(session.graph().operation(node.op()))
        .filter(operation -> operation.type().equals(node.type()))
        .flatMap(Dropout::of);
  }

  private void requireNoOtherFactor(Node node, Dropout dropout, Refusals refusals) {
    double factor = dropout.meanFactor(session);
    if (!(Math.abs(factor - 1) < TOLERANCE)) {
      refusals.add(
          node,
          "it drops elements, and multiplies the tensor by %s on average".formatted((float) factor),
          "divide what is kept by the share that is kept, or build the deployment graph without dropout");
    }
  }
}
