package org.slimquant.deploy.compile.refusals;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.Refusal;
import org.slimquant.deploy.UnconvertibleGraphException;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.SameCodes;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Tensors without a format, and plans that do not fit the graph. */
final class FormatRefusalsTest {

  @Test
  void layersWithoutAnnotation() {
    assertRefused(
        graph -> {
          Operand<TFloat32> raw = graph.relu(graph.conv(graph.images));
          return graph.layer("second", raw, graph::conv);
        },
        "images (Placeholder): its output, which Conv2d (Conv2D) reads, has no format; annotate the parameter of the layer through which it flows in with @QuantInt8",
        "Relu (Relu): its output, which Conv2d_1 (Conv2D) reads, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void kernelWithoutFormat() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = quantizedImages(graph);
          return graph.conv(first);
        },
        "Conv2d (Conv2D): its output, which the model returns, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void planOfAnotherGraph() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> first = graph.layer("first", graph.images, graph::conv);
      Operand<TFloat32> second = graph.layer("second", first, graph::conv);
      List<Site> other =
          graph.quantizer.plan().sites().stream()
              .filter(site -> !site.name().equals("second/SlimQuant/kernel"))
              .filter(site -> !site.name().equals("second/SlimQuant/output"))
              .map(
                  site ->
                      new Site(
                          site.name(),
                          site.kind(),
                          site.tensor(),
                          FixedPoint.signed(8, ((FixedPoint) site.format()).frac() + 1),
                          site.source(),
                          site.measure()))
              .toList();

      assertRefused(
          graph,
          new QuantizationPlan(other, List.of()),
          second,
          "first/SlimQuant/images (FakeQuantWithMinMaxVars): is int8 * 2^-5 in the plan, but its op rounds to other numbers; compile with the plan of the quantizer that built this graph",
          "Conv2d (Conv2D): its kernel first/SlimQuant/kernel holds 0.4609375, which is no number of int8 * 2^-6; compile with the plan of the quantizer that built this graph",
          "first/SlimQuant/output (FakeQuantWithMinMaxVars): is int8 * 2^-3 in the plan, but its op rounds to other numbers; compile with the plan of the quantizer that built this graph",
          "Conv2d_1 (Conv2D): its kernel second/SlimQuant/kernel has no format; annotate the layer's method with @QuantInt8",
          "second/SlimQuant/output (FakeQuantWithMinMaxVars): this fake quant is not in the plan; compile with the plan of the quantizer that built this graph, or add the site to it");
    }
  }

  @Test
  void planThatLacksAnOutput() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> y = graph.layer("first", graph.images, graph::conv);
      QuantizationPlan plan = graph.quantizer.plan();
      QuantizationPlan lacking =
          new QuantizationPlan(
              plan.sites().stream().filter(site -> site.kind() != Kind.OUTPUT).toList(),
              plan.remarks());
      assertThat(
              assertThrows(
                      UnconvertibleGraphException.class,
                      () -> IntegerCompiler.compile(graph.session(), lacking, graph.images, y))
                  .refusals()
                  .stream()
                  .map(Refusal::remedy))
          .contains(
              "compile with the plan of the quantizer that built this graph, or add the site to it");
      SameCodes.assertSame(graph, y);
    }
  }
}
