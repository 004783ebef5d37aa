package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpRole;

/**
 * Ends each output of the model before the ops that turn logits into scores or classes. These ops
 * stay with the caller.
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
    List<Node> outside = new ArrayList<>(graph.outside());
    List<String> ends = new ArrayList<>();
    for (String output : graph.outputs()) {
      int first = outside.size();
      String end = output;
      for (Node node = graph.node(end); node.role() == OpRole.SCORE; node = graph.node(end)) {
        outside.add(first, node);
        end = node.input();
      }
      ends.add(end);
    }
    return graph.endingAt(ends, outside.stream().distinct().toList());
  }
}
