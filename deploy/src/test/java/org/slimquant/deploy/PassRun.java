package org.slimquant.deploy;

import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;

/** Runs passes over a graph. */
final class PassRun {

  private PassRun() {}

  static Dataflow read(QuantizedGraph graph, Operand<?> output) {
    return GraphReader.read(graph.images.asOutput(), output.asOutput());
  }

  static Dataflow apply(Dataflow graph, Pass... passes) {
    Dataflow result = graph;
    Refusals refusals = new Refusals();
    for (Pass pass : passes) {
      result = pass.apply(result, refusals);
    }
    refusals.check(graph);
    return result;
  }
}
