package org.slimquant.deploy.compile.pass;

import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.PlannedGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.plan.QuantizationPlan;
import org.tensorflow.Graph;

/**
 * Requires that the graph was built with the plan.
 *
 * <pre>{@code
 * plan: conv1/SlimQuant/kernel; graph: conv1/SlimQuant/kernel          stays as it is
 * plan: conv1/SlimQuant/kernel; graph: dense1/SlimQuant/kernel         IllegalArgumentException
 * }</pre>
 *
 * <p>The check comes after the layers are matched, because their input or output may be the better
 * reason.
 */
public final class RequirePlannedGraph implements Pass {

  private final Graph graph;
  private final QuantizationPlan plan;

  public RequirePlannedGraph(Graph graph, QuantizationPlan plan) {
    this.graph = graph;
    this.plan = plan;
  }

  @Override
  public OpGraph apply(OpGraph opGraph, Refusals refusals) {
    PlannedGraph.require(graph, plan);
    return opGraph;
  }
}
