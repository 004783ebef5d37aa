package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.deploy.compile.move.Movements;
import org.slimquant.runtime.graph.OpKind;

/**
 * Writes paddings with mirrored elements as concats with slices in reverse.
 *
 * <pre>{@code
 * x ─▶ Quantize ─▶ MirrorPad ─▶                            before
 *
 * x ─▶ Quantize ─┬─▶ Slice, in reverse ─┐                  after
 *                ├──────────────────────┼─▶ ConcatV2 ─▶
 *                └─▶ Slice, in reverse ─┘
 * }</pre>
 *
 * <p>No fake quant moves before a concat, so this comes after all have moved.
 */
public final class ComposeMirrorPads implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.addAll(node.is(OpKind.MIRROR_PAD) ? composed(graph, node) : List.of(node));
    }
    return graph.with(nodes);
  }

  private static List<Node> composed(OpGraph graph, Node node) {
    try {
      return Movements.of(graph, node);
    } catch (RefusedException stays) {
      // It is refused where it is matched.
      return List.of(node);
    }
  }
}
