package org.slimquant.examples;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.examples.GraphBasics.Fact;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

final class GraphBasicsTest {

  @Test
  void allFactsHold() {
    List<Fact> facts = GraphBasics.facts();

    assertThat(facts.stream().filter(fact -> !fact.holds())).isEmpty();
    assertThat(facts.stream().map(Fact::statement))
        .containsExactly(
            "without a graph, ops belong to the default eager session",
            "Ops.create(g1).scope().env() is g1",
            "a tensor made with it is of g1",
            "a tensor made with Ops.create(g2) is of g2, not of g1",
            "both have the same name, each in its graph",
            "quantizing a model in g1 leaves g2 as it was",
            "quantizing one in g2 then leaves g1 as it was",
            "both have the same plan, each in its graph",
            "a quantizer takes no tensor of another graph")
        .inOrder();
  }

  @Test
  void aCallKeepsItsName() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      GraphBasics.Rectifier model = new QuantizedGraphBasics_Rectifier(tf, quantizer);

      Operand<TFloat32> features = GraphQuantizer.named("block3", () -> model.rectify(x));

      assertThat(features.op().name()).startsWith("block3/rectify/SlimQuant/");
    }
  }
}
