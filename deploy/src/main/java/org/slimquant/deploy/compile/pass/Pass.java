package org.slimquant.deploy.compile.pass;

import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;

/** A step from TensorFlow's graph to integers: makes a graph from a graph. */
public interface Pass {

  /**
   * Returns the graph that comes next.
   *
   * @param refusals gets what is in the way; the graph that is returned is then one that makes the
   *     next passes find more of it
   */
  OpGraph apply(OpGraph graph, Refusals refusals);
}
