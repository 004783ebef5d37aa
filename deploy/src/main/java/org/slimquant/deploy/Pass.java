package org.slimquant.deploy;

/** A step from TensorFlow's graph to integers: makes a graph from a graph. */
interface Pass {

  /**
   * Returns the graph that comes next.
   *
   * @param refusals gets what is in the way; the graph that is returned is then one that makes the
   *     next passes find more of it
   */
  Dataflow apply(Dataflow graph, Refusals refusals);
}
