package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpRole;

/**
 * Drops the ops that matter only in training or to TensorFlow itself.
 *
 * <pre>{@code
 * x ─▶ Identity ─▶ y          before
 * x ─▶ y                      after
 * }</pre>
 */
public final class DropIdentities implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Map<String, String> replaced = new HashMap<>();
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<String> inputs =
          node.inputs().stream().map(input -> replaced.getOrDefault(input, input)).toList();
      if (node.role() == OpRole.IDENTITY) {
        replaced.put(node.id(), inputs.get(0));
      } else {
        kept.add(node.withInputs(inputs));
      }
    }
    return graph.with(kept, output -> replaced.getOrDefault(output, output));
  }
}
