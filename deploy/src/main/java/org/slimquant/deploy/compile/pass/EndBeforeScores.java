package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpRole;

/**
 * Ends the model before the ops that turn logits into scores or classes. These ops stay with the
 * caller.
 *
 * <pre>{@code
 * … ─▶ logits ─▶ Softmax ─▶ ArgMax ─▶ Cast ─▶ output          before
 * … ─▶ output          Softmax, ArgMax, Cast outside          after
 * }</pre>
 *
 * <p>Logits and their codes have the same order, so the class with the highest code has the highest
 * score.
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
