package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Select;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Ops that have no integer op of their own. */
final class FloatOpRefusalsTest {

  @Test
  void factorsAndOffsets() {
    assertRemedy(
        "fold a factor into a kernel and an offset into a bias",
        graph -> {
          Ops tf = graph.tf;
          Operand<TFloat32> x = tf.math.mul(quantizedImages(graph), tf.constant(0.75f));
          return graph.layer("conv", x, graph::conv);
        });
    assertCompiles(
        graph ->
            graph.layer(
                "conv",
                quantizedImages(graph),
                x ->
                    graph.conv(
                        x,
                        graph.tf.math.mul(
                            graph.kernel(KERNEL, 0.3, 3, 3, 2, 2), graph.tf.constant(0.75f)))),
        "Requantize",
        "Conv2D");
  }

  @Test
  void batchNormalizations() {
    assertRemedy(
        "let it directly follow the kernel op of a @QuantInt8 method",
        graph ->
            graph.layer("first", graph.images, x -> normalized(graph, graph.relu(graph.conv(x)))));
    assertCompiles(
        graph -> graph.layer("first", graph.images, x -> normalized(graph, graph.conv(x))),
        "Conv2D");
    assertCompiles(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x ->
                    graph.addBias(
                        graph.conv(
                            x,
                            graph.tf.math.mul(
                                graph.kernel(KERNEL, 0.3, 3, 3, 2, 2), graph.tf.array(2f, 3f))),
                        0.5f,
                        1f)),
        "Conv2D");
  }

  private static Operand<TFloat32> normalized(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph
        .tf
        .nn
        .fusedBatchNorm(
            x,
            graph.tf.array(2f, 3f),
            graph.tf.array(0.5f, 1f),
            graph.tf.array(0f, 0f),
            graph.tf.array(1f, 1f),
            FusedBatchNorm.isTraining(false))
        .y();
  }

  @Test
  void aChoiceWhileTheGraphRuns() {
    assertRemedy(
        "build the deployment graph with the branch alone that is to be deployed",
        graph -> {
          Operand<TBool> small =
              graph.tf.math.less(
                  graph.tf.reduceMax(graph.images, graph.tf.array(0, 1, 2, 3)),
                  graph.tf.constant(1f));
          Operand<TFloat32> first = quantizedImages(graph);
          Operand<TFloat32> chosen =
              Select.create(graph.tf.scope(), small, first, graph.tf.math.tanh(first));
          return graph.layer("second", chosen, graph::conv);
        });
    assertCompiles(
        graph -> graph.layer("second", quantizedImages(graph), graph::conv),
        "Requantize",
        "Conv2D");
  }
}
