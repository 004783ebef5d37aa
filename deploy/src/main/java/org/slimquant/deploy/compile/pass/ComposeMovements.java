package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.deploy.compile.move.Movements;
import org.slimquant.deploy.compile.move.TransposedConvolution;
import org.slimquant.runtime.graph.OpKind;

/**
 * Writes the ops that move elements as those that integers have, and transposed convolutions as
 * convolutions whose output is moved.
 *
 * <pre>{@code
 * x [4, 4, 8] ─▶ StridedSlice [:, 1:3, ::2] ─▶          before
 * x ─▶ Slice [2, 2, 8] ─▶                               after
 *
 * x ─▶ Split ─┬─▶ split                                 before
 *             └─▶ split:1
 * x ─┬─▶ Slice split ─▶                                 after
 *    └─▶ Slice split:1 ─▶
 * }</pre>
 *
 * <p>All forms are drawn at {@link Movements} and {@link TransposedConvolution}. An op that
 * integers cannot compute stays, and is refused where it is matched: it may compute a shape, or be
 * outside of the model. A MirrorPad stays, too, until the fake quants before it have moved up: see
 * {@link ComposeMirrorPads}.
 */
public final class ComposeMovements implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.addAll(composed(graph, node));
    }
    return graph.with(nodes);
  }

  private static List<Node> composed(OpGraph graph, Node node) {
    try {
      return switch (node.role()) {
        case MOVEMENT, MOVER ->
            node.is(OpKind.MIRROR_PAD) ? List.of(node) : Movements.of(graph, node);
        case TRANSPOSED_CONVOLUTION -> TransposedConvolution.of(graph, node);
        default -> List.of(node);
      };
    } catch (RefusedException stays) {
      return List.of(node);
    }
  }
}
