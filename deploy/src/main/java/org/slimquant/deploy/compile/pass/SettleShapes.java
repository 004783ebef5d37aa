package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * Gives each op that changes a shape the shape that TensorFlow has inferred. Then no op needs the
 * ops that compute shapes any more.
 *
 * <pre>{@code
 * x ─▶ Shape ─▶ StridedSlice ─▶ Pack ─┐          before
 * x ──────────────────────────────────┴─▶ Reshape [?, 128]
 *
 * x ─▶ Reshape [?, 128]                          after
 * }</pre>
 *
 * <p>The batch stays the batch. If all dimensions after the first are known and hold as many
 * elements as one example has, the first can only be the number of examples, however it was
 * computed. Any other op is refused where it is matched.
 */
public final class SettleShapes implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(
          node.role() == OpRole.SHAPER
              ? node.as(OpKind.RESHAPE.type(), List.of(node.input()), node.payload())
              : node);
    }
    return graph.with(nodes);
  }
}
