package org.slimquant.deploy.compile.match;

import java.util.HashSet;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.runtime.graph.OpRole;

/**
 * Finds the ops that compute with the sizes of tensors only, and not with their elements.
 *
 * <pre>{@code
 * images ─▶ Shape ─▶ Slice ─▶ ConcatV2 ─▶ Conv2DBackpropInput
 *           └────────── sizes ───────┘
 * }</pre>
 *
 * <p>They are never refused themselves. If they cannot be converted, the op that reads them is
 * refused.
 */
final class Sizes {

  private Sizes() {}

  /** Returns the ids of such ops. */
  static Set<String> of(OpGraph graph) {
    Set<String> sizes = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean any =
          node.inputs().stream().anyMatch(input -> sizes.contains(graph.node(input).id()));
      boolean all =
          node.inputs().stream()
              .map(graph::node)
              .allMatch(read -> read.is(Node.CONSTANT) || sizes.contains(read.id()));
      if (node.role() == OpRole.SIZE || (any && all)) {
        sizes.add(node.id());
      }
    }
    return sizes;
  }
}
