package org.slimquant.deploy;

import static org.slimquant.deploy.testing.RefusedGraph.ONES;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.conv;
import static org.slimquant.deploy.testing.RefusedGraph.layer;
import static org.slimquant.deploy.testing.RefusedGraph.next;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.tensorflow.Operand;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/** What cannot be converted: the whole list, and tensors without a format. */
final class RefusalsTest {

  @Test
  void everythingAtOnce() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> graph.tf.math.tanh(conv(graph, x)));
          Operand<TFloat32> second =
              next(
                  graph,
                  "second",
                  first,
                  x ->
                      graph
                          .tf
                          .nn
                          .fusedBatchNorm(
                              conv(graph, x),
                              graph.tf.array(1f, 1f),
                              graph.tf.array(0f, 0f),
                              graph.tf.array(0f, 0f),
                              graph.tf.array(1f, 1f),
                              FusedBatchNorm.isTraining(false))
                          .y());
          Operand<TFloat32> unquantized = graph.tf.math.mul(second, graph.tf.constant(0.3f));
          Operand<TFloat32> third =
              next(graph, "third", unquantized, x -> graph.tf.nn.relu(conv(graph, x)));
          return graph.tf.math.sigmoid(graph.tf.math.exp(graph.tf.nn.softmax(third)));
        },
        "Tanh (Tanh): it has no integer op; build the layer from other ops, or cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it",
        "FusedBatchNorm (FusedBatchNormV3): a batch normalisation has no integer op; fold its scale and offset into the kernel and the bias of the layer before it",
        "Mul (Mul): it has no integer op; fold a factor into a kernel and an offset into a bias, or cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it",
        "Softmax (Softmax): it is computed in floats, behind the last tensor that is quantized; let the output be session.graph().outputOrThrow(\"third/SlimQuant/output:0\"), and compute what comes behind it yourself");
  }

  @Test
  void layersWithoutAnnotation() {
    assertRefused(
        graph -> {
          Operand<TFloat32> raw = graph.tf.nn.relu(conv(graph, graph.images));
          return next(graph, "second", raw, x -> conv(graph, x));
        },
        "images (Placeholder): its output, which Conv2d (Conv2D) reads, has no format; annotate the parameter of the layer through which it flows in with @QuantInt8",
        "Relu (Relu): its output, which Conv2d_1 (Conv2D) reads, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void kernelWithoutFormat() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> graph.tf.nn.relu(x));
          return conv(graph, first);
        },
        "Conv2d (Conv2D): its output, which the model returns, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void averageWithinALayer() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x -> graph.tf.nn.avgPool(graph.tf.nn.relu(conv(graph, x)), ONES, ONES, "SAME")),
        "Relu (Relu): its output, which AvgPool (AvgPool) reads, has no format; let a @QuantInt8 method return it, and another one the average");
  }

  @Test
  void joinsWithinALayer() {
    assertRefused(
        graph -> layer(graph, "first", x -> graph.tf.nn.relu(graph.tf.math.add(conv(graph, x), x))),
        "Conv2d (Conv2D): its output, which Add (Add) reads, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void planOfAnotherGraph() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> first = layer(graph, "first", x -> conv(graph, x));
      Operand<TFloat32> second = next(graph, "second", first, x -> conv(graph, x));
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
}
