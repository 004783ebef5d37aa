package org.slimquant.deploy.compile.pass;

import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.match.LayerWalk;
import org.slimquant.deploy.compile.match.MatchContext;
import org.slimquant.deploy.compile.match.SharedWeights;
import org.slimquant.plan.QuantizationPlan;

/**
 * Matches every part of the graph that becomes one integer op.
 *
 * <pre>{@code
 * x ─▶ Conv2D ─▶ BiasAdd ─▶ Relu ─▶ Quantize ─▶ MaxPool ─▶          before
 * x ─▶ Conv2D ─────────────────────────────────▶ MaxPool ─▶         after
 * }</pre>
 *
 * <p>The walk goes from the output to the input, see {@link LayerWalk}. If an op is refused, the
 * graph stays as it is.
 */
public final class MatchLayers implements Pass {

  private final QuantizationPlan plan;

  /** Creates the pass for a graph that was built with a plan. */
  public MatchLayers(QuantizationPlan plan) {
    this.plan = plan;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    if (graph.nodes().stream().anyMatch(node -> node.pending().isPresent())) {
      return graph;
    }
    MatchContext context = new MatchContext(graph, Grids.of(graph), plan, new SharedWeights());
    return new LayerWalk(context, refusals).match();
  }
}
