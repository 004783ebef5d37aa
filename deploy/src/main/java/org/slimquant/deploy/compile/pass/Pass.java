package org.slimquant.deploy.compile.pass;

import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;

/** A step from TensorFlow's graph to integers. It makes a graph from a graph. */
public interface Pass {

  /**
   * Returns the graph that comes next.
   *
   * @param refusals gets the refusals; after a refusal, the pass returns a graph in which the next
   *     passes find more of them
   */
  OpGraph apply(OpGraph graph, Refusals refusals);
}
