package org.slimquant.deploy.compile.pass;

import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Clamp;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;

/**
 * Folds the clamps to constant numbers into one kind of node. Like a ReLU, a clamp needs no codes
 * before it, because rounding keeps the order of numbers.
 *
 * <pre>{@code
 * x ─▶ ClipByValue -1, 1 ─▶          x ─▶ Clamp -1 .. 1 ─▶
 * x ─▶ Maximum 0 ─▶                  x ─▶ Clamp 0 .. ∞ ─▶
 * x ─▶ Minimum 1 ─▶                  x ─▶ Clamp -∞ .. 1 ─▶
 * }</pre>
 */
public final class FoldClamps implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    return graph.with(graph.nodes().stream().map(node -> folded(graph, node)).toList());
  }

  private static Node folded(OpGraph graph, Node node) {
    return clamp(graph, node)
        .filter(clamp -> clamp.min() <= clamp.max())
        .map(clamp -> node.as(Node.CLAMP, List.of(node.inputs().get(clamp.input())), clamp))
        .filter(folded -> graph.node(folded.input()).shape().equals(node.shape()))
        .orElse(node);
  }

  private static Optional<Clamp> clamp(OpGraph graph, Node node) {
    return switch (node.type()) {
      case "ClipByValue" ->
          number(graph, node, 1)
              .flatMap(min -> number(graph, node, 2).map(max -> new Clamp(min, max)));
      case "Maximum" ->
          bound(graph, node)
              .map(bound -> new Clamp(bound.number(), Double.POSITIVE_INFINITY, 1 - bound.input()));
      case "Minimum" ->
          bound(graph, node)
              .map(bound -> new Clamp(Double.NEGATIVE_INFINITY, bound.number(), 1 - bound.input()));
      default -> Optional.empty();
    };
  }

  /** The constant of an op, and the input at which the op reads it. */
  private record Bound(double number, int input) {}

  private static Optional<Bound> bound(OpGraph graph, Node node) {
    return number(graph, node, 1)
        .map(number -> new Bound(number, 1))
        .or(() -> number(graph, node, 0).map(number -> new Bound(number, 0)));
  }

  private static Optional<Double> number(OpGraph graph, Node node, int input) {
    return graph
        .node(node.inputs().get(input))
        .literal()
        .map(Literal::elements)
        .filter(elements -> elements.length == 1 && !Double.isNaN(elements[0]))
        .map(elements -> elements[0]);
  }
}
