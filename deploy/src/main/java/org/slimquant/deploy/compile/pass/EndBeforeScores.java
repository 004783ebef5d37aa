package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpRole;

/**
 * Ends the model before what turns logits into scores or classes, which stays with the caller.
 *
 * <pre>{@code
 * … ─▶ logits ─▶ Softmax ─▶ ArgMax ─▶ Cast ─▶ output          before
 * … ─▶ output          Softmax, ArgMax, Cast outside          after
 * }</pre>
 *
 * <p>The order of logits and that of their codes are the same, so that the class with the highest
 * code is the one with the highest score.
 */
public final class EndBeforeScores implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> outside = new ArrayList<>();
    Node output = graph.output();
    while (output.role() == OpRole.SCORE) {
      outside.add(0, output);
      output = graph.node(output.input());
    }
    return OpGraph.of(graph.nodes(), output.id(), outside);
  }
}
