package org.slimquant.deploy.compile.refusals;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.Refusal;
import org.slimquant.deploy.UnconvertibleGraphException;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Kernels that are not constant, or not finite. */
final class KernelRefusalsTest {

  @Test
  void weightsThatAreNoNumbers() {
    assertRefused(
        graph ->
            graph.layer("first", graph.images, x -> graph.addBias(graph.conv(x), 1, Float.NaN)),
        "BiasAdd (BiasAdd): adds NaN in channel 1; train again with a smaller learning rate, or restore an earlier checkpoint");
    assertRefused(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x ->
                    graph.conv(
                        x,
                        graph.tf.reshape(
                            graph.tf.constant(new float[] {1, Float.NaN}),
                            graph.tf.array(1, 1, 2, 1)))),
        "Conv2d (Conv2D): its kernel first/SlimQuant/kernel holds NaN; train again with a smaller learning rate, or restore an earlier checkpoint");
  }

  @Test
  void kernelsThatAreFed() {
    assertRemedy(
        "let it be a constant or a variable",
        graph ->
            graph.layer(
                "conv",
                quantizedImages(graph),
                x ->
                    graph.conv(
                        x,
                        graph.tf.math.mul(
                            graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                            graph.tf.reduceMax(graph.images, graph.tf.array(0, 1, 2, 3))))));
  }

  /** A seed in a variable makes another kernel at each run. */
  @Test
  void aKernelWithNoise() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Ops tf = graph.tf;
      Operand<TInt32> seed = tf.withName("seed").variable(Shape.of(2), TInt32.class);
      Operand<TInt32> assigned = tf.assign(seed, tf.array(1, 2));
      Operand<TFloat32> y =
          graph.layer(
              "first",
              graph.images,
              x ->
                  graph.conv(
                      x,
                      tf.math.add(
                          graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                          tf.random.statelessRandomUniform(tf.array(3, 3, 2, 2), seed))));
      graph.session().run(assigned);

      assertThat(assertThrows(UnconvertibleGraphException.class, () -> graph.compile(y)).refusals())
          .containsExactly(
              new Refusal(
                  "Conv2d",
                  "Conv2D",
                  "its kernel first/SlimQuant/kernel is computed from data",
                  "let it be a constant or a variable"));
    }
  }

  /** A constant seed makes a constant. */
  @Test
  void aKernelWithAConstantPattern() {
    assertCompiles(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x -> {
                  Ops tf = graph.tf;
                  return graph.conv(
                      x,
                      tf.math.mul(
                          graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                          tf.random.statelessRandomUniform(tf.array(3, 3, 2, 2), tf.array(1, 2))));
                }),
        "Conv2D");
  }
}
