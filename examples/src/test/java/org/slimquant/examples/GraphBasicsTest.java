package org.slimquant.examples;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.examples.GraphBasics.Fact;

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
}
