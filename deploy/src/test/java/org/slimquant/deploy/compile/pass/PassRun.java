package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.slimquant.deploy.compile.graph.GraphReader;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.Refused;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;

/** Runs passes over a graph, and compares the graph before and after as text. */
final class PassRun {

  private PassRun() {}

  static OpGraph read(QuantizedGraph graph, Operand<?> output) {
    return GraphReader.read(List.of(graph.images.asOutput()), List.of(output.asOutput()));
  }

  static OpGraph apply(OpGraph graph, Pass... passes) {
    Refusals refusals = new Refusals();
    OpGraph result = apply(graph, refusals, passes);
    assertThat(refusals.inOrderOf(graph)).isEmpty();
    return result;
  }

  /**
   * Checks what a pass makes of a graph.
   *
   * @return the graph after the pass
   */
  static OpGraph assertRewritten(OpGraph graph, Pass pass, String before, String after) {
    assertThat(graph.toString()).isEqualTo(before);
    OpGraph result = apply(graph, pass);
    assertThat(result.toString()).isEqualTo(after);
    return result;
  }

  /** Checks that a pass leaves a graph as it is. */
  static void assertUnchanged(OpGraph graph, Pass pass) {
    assertThat(apply(graph, pass).toString()).isEqualTo(graph.toString());
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
