package org.slimquant.deploy.testing;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.Refusal;
import org.slimquant.deploy.UnconvertibleGraphException;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerOp;
import org.slimquant.plan.QuantizationPlan;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Graphs that are refused: the whole list of refusals, compared whole. */
public final class RefusedGraph {

  public static final FixedPoint INPUT = FixedPoint.signed(8, -6);
  public static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  public static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);
  public static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private RefusedGraph() {}

  /** Checks the refusals of a graph of 6x6 images with two channels. */
  public static void assertRefused(Function<QuantizedGraph, Operand<?>> model, String... refusals) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<?> output = model.apply(graph);
      assertRefused(graph, graph.quantizer.plan(), output, refusals);
    }
  }

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

  /** Checks that a graph of 6x6 images with two channels becomes integer ops of these types. */
  public static void assertCompiles(
      Function<QuantizedGraph, Operand<TFloat32>> model, String... ops) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      assertThat(
              SameCodes.assertSame(graph, model.apply(graph)).ops().stream().map(IntegerOp::type))
          .containsExactlyElementsIn(List.of(ops))
          .inOrder();
    }
  }

  public static Operand<TFloat32> layer(
      QuantizedGraph graph, String name, Function<Operand<TFloat32>, Operand<TFloat32>> body) {
    return graph.layer(
        name, KERNEL, OUTPUT, () -> body.apply(graph.input("images", INPUT, graph.images)));
  }

  public static Operand<TFloat32> next(
      QuantizedGraph graph,
      String name,
      Operand<TFloat32> x,
      Function<Operand<TFloat32>, Operand<TFloat32>> body) {
    return graph.layer(name, KERNEL, OUTPUT, () -> body.apply(graph.input(x)));
  }

  public static Operand<TFloat32> conv(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.conv2d(x, graph.kernel(KERNEL, 0.3, 3, 3, 2, 2), ONES, "SAME");
  }
}
