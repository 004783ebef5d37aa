package org.slimquant.deploy.testing;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.Refusal;
import org.slimquant.deploy.UnconvertibleGraphException;
import org.slimquant.model.IntegerOp;
import org.slimquant.plan.QuantizationPlan;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Checks what is refused of a graph, and what becomes of it once the remedy is applied. */
public final class RefusedGraph {

  private RefusedGraph() {}

  /** Returns the images as they leave a first layer, a ReLU. */
  public static Operand<TFloat32> quantizedImages(QuantizedGraph graph) {
    return graph.layer("first", graph.images, graph::relu);
  }

  /** Checks the refusals of a graph of 6x6 images with two channels. */
  public static void assertRefused(Function<QuantizedGraph, Operand<?>> model, String... refusals) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<?> output = model.apply(graph);
      assertRefused(graph, output, refusals);
    }
  }

  /** Checks the refusals of a graph that is compiled with its own plan. */
  public static void assertRefused(QuantizedGraph graph, Operand<?> output, String... refusals) {
    assertRefused(graph, graph.quantizer.plan(), output, refusals);
  }

  /** Checks the refusals of a graph that is compiled with a given plan. */
  public static void assertRefused(
      QuantizedGraph graph, QuantizationPlan plan, Operand<?> output, String... refusals) {
    UnconvertibleGraphException e =
        assertThrows(
            UnconvertibleGraphException.class,
            () -> IntegerCompiler.compile(graph.session(), plan, graph.images, output));
    assertThat(e.refusals().stream().map(Refusal::toString))
        .containsExactlyElementsIn(List.of(refusals))
        .inOrder();
    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "a graph must have ops that integers can compute, but %d of this one's cannot be converted:\n  %s"
                .formatted(refusals.length, String.join("\n  ", refusals)));
  }

  /** Checks that a graph of 6x6 images is refused for one op, with a remedy that begins so. */
  public static void assertRemedy(
      String remedy, Function<QuantizedGraph, Operand<TFloat32>> model) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> output = model.apply(graph);
      List<Refusal> refusals =
          assertThrows(UnconvertibleGraphException.class, () -> graph.compile(output)).refusals();
      assertThat(refusals).hasSize(1);
      assertThat(refusals.get(0).remedy()).startsWith(remedy);
    }
  }

  /** Checks that a graph of 6x6 images with two channels becomes integer ops of these types. */
  public static void assertCompiles(
      Function<QuantizedGraph, Operand<TFloat32>> model, String... ops) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      assertCompiles(graph, model.apply(graph), ops);
    }
  }

  /** Checks that a graph becomes integer ops of these types, which compute the same codes. */
  public static void assertCompiles(QuantizedGraph graph, Operand<TFloat32> output, String... ops) {
    assertThat(SameCodes.assertSame(graph, output).ops().stream().map(IntegerOp::type))
        .containsExactlyElementsIn(List.of(ops))
        .inOrder();
  }
}
