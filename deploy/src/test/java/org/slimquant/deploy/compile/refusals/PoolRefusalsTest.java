package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Pools, averages and maxima over axes, or in formats, that integers do not have. */
final class PoolRefusalsTest {

  @Test
  void aPoolOfChannels() {
    assertRemedy(
        "pool over [1, rows, columns, 1]",
        graph ->
            graph.tf.nn.maxPool(
                quantizedImages(graph),
                graph.tf.array(1, 1, 1, 2),
                graph.tf.array(1, 1, 1, 2),
                "VALID"));
    assertCompiles(
        graph ->
            graph.tf.nn.maxPool(
                quantizedImages(graph),
                graph.tf.array(1, 2, 2, 1),
                graph.tf.array(1, 1, 1, 1),
                "VALID"),
        "Requantize",
        "MaxPool");
  }

  @Test
  void stridesOverTheBatch() {
    assertRemedy(
        "use strides [1, down, across, 1]",
        graph ->
            graph.tf.nn.maxPool(
                quantizedImages(graph),
                graph.tf.array(1, 2, 2, 1),
                graph.tf.array(2, 1, 1, 1),
                "VALID"));
  }

  @Test
  void averagesOfAxesApart() {
    assertRemedy(
        "average over axes that lie side by side",
        graph ->
            graph.layer(
                "mean", quantizedImages(graph), x -> graph.tf.math.mean(x, graph.tf.array(1, 3))));
    assertCompiles(
        graph -> {
          Operand<TFloat32> channels =
              graph.layer(
                  "mean", quantizedImages(graph), x -> graph.tf.math.mean(x, graph.tf.array(3)));
          return graph.layer("again", channels, x -> graph.tf.math.mean(x, graph.tf.array(1)));
        },
        "Requantize",
        "Reshape",
        "AveragePool",
        "Reshape",
        "Reshape",
        "AveragePool");
  }

  @Test
  void theLargestOfABatch() {
    assertRemedy(
        "take the largest over axes that lie side by side, behind the batch",
        graph -> graph.tf.max(quantizedImages(graph), graph.tf.array(0, 1)));
    assertCompiles(
        graph -> graph.tf.max(quantizedImages(graph), graph.tf.array(1)),
        "Requantize",
        "MaxPool",
        "Reshape");
  }

  @Test
  void averageWithinALayer() {
    assertRefused(
        graph -> graph.layer("first", graph.images, x -> graph.average(graph.relu(graph.conv(x)))),
        "Relu (Relu): its output, which AvgPool (AvgPool) reads, has no format; let a @QuantInt8 method return it, and another one the average");
  }

  @Test
  void formatsThatIntegersDoNotHave() {
    assertRemedy("change shape or format", graph -> averaged(graph, FixedPoint.signed(8, -30)));
    assertCompiles(graph -> averaged(graph, OUTPUT), "AveragePool");
  }

  private static Operand<TFloat32> averaged(QuantizedGraph graph, FixedPoint output) {
    return graph.layer(
        "average", KERNEL, output, () -> graph.average(graph.input("images", INPUT, graph.images)));
  }
}
