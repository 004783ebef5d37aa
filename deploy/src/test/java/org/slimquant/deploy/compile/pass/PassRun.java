package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.slimquant.deploy.compile.graph.GraphReader;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.Refused;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;

/** Runs passes over a graph. */
final class PassRun {

  private PassRun() {}

  static OpGraph read(QuantizedGraph graph, Operand<?> output) {
    return GraphReader.read(graph.images.asOutput(), output.asOutput());
  }

  static OpGraph apply(OpGraph graph, Pass... passes) {
    Refusals refusals = new Refusals();
    OpGraph result = apply(graph, refusals, passes);
    assertThat(refusals.inOrderOf(graph)).isEmpty();
    return result;
  }

  /** Returns what passes refuse. */
  static List<Refused> refused(OpGraph graph, Pass... passes) {
    Refusals refusals = new Refusals();
    apply(graph, refusals, passes);
    return refusals.inOrderOf(graph);
  }

  private static OpGraph apply(OpGraph graph, Refusals refusals, Pass... passes) {
    OpGraph result = graph;
    for (Pass pass : passes) {
      result = pass.apply(result, refusals);
    }
    return result;
  }
}
