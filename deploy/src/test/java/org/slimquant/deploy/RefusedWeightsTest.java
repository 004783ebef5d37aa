package org.slimquant.deploy;

import static org.slimquant.deploy.testing.RefusedGraph.INPUT;
import static org.slimquant.deploy.testing.RefusedGraph.KERNEL;
import static org.slimquant.deploy.testing.RefusedGraph.ONES;
import static org.slimquant.deploy.testing.RefusedGraph.OUTPUT;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.conv;
import static org.slimquant.deploy.testing.RefusedGraph.layer;
import static org.slimquant.deploy.testing.RefusedGraph.next;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.SlimQuant;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Kernels and biases that have no codes. */
final class RefusedWeightsTest {

  @Test
  void weightsThatAreNoNumbers() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        conv(graph, x), graph.tf.constant(new float[] {1, Float.NaN}))),
        "BiasAdd (BiasAdd): adds NaN in channel 1; train again with a smaller learning rate, or restore an earlier checkpoint");
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.tf.reshape(
                            graph.tf.constant(new float[] {1, Float.NaN}),
                            graph.tf.array(1, 1, 2, 1)),
                        ONES,
                        "SAME")),
        "Conv2d (Conv2D): its kernel first/SlimQuant/kernel holds NaN; train again with a smaller learning rate, or restore an earlier checkpoint");
  }

  /** 2048 is 2^24 steps of the accumulator, where float32 has lost the last bit of the products. */
  @Test
  void biasesThatCancel() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        graph.tf.nn.biasAdd(
                            conv(graph, x), graph.tf.constant(new float[] {1, 2048})),
                        graph.tf.constant(new float[] {-1, -2048}))),
        "BiasAdd_1 (BiasAdd): adds to Conv2d, after another constant, one of the other sign in channel 1, and float32 rounds in between; add one constant, their sum");
  }

  /** The step is 2^-13, so that 32 bits end at 262144. */
  @Test
  void biasesBeyond32Bits() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        conv(graph, x), graph.tf.constant(new float[] {-300000, 262143.98f}))),
        "first/SlimQuant/bias (Const): -300000.0 in channel 0 is beyond the 32 bits of a bias, whose step is 2^-13 here, and becomes -262143.98; calibrate again, or let the layer's kernelFrac be larger by 2 or its bits fewer");
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        conv(graph, x), graph.tf.constant(new float[] {3e38f, 262145}))),
        "first/SlimQuant/bias (Const): 3.0E38 in channel 0 (and 1 more) is beyond the 32 bits of a bias, whose step is 2^-13 here, and becomes 262143.98; calibrate again, or let the layer's kernelFrac be larger by 111 or its bits fewer");
  }

  @Test
  void biasesThatAddUpToMoreThan32Bits() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        graph.tf.nn.biasAdd(
                            conv(graph, x), graph.tf.constant(new float[] {1, 200000})),
                        graph.tf.constant(new float[] {1, 100000}))),
        "BiasAdd (BiasAdd): adds 200000.0 in channel 1, with which what is added exceeds the 32 bits of the accumulator's step 2^-13; calibrate again, or let the layer's kernelFrac be larger or its bits fewer");
  }

  @Test
  void biasesThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              layer(
                  graph,
                  "first",
                  x ->
                      graph.tf.math.add(
                          graph.tf.nn.relu(conv(graph, x)), graph.tf.array(0.5f, 1f)));
          return next(
              graph,
              "second",
              first,
              x ->
                  graph.tf.math.add(
                      conv(graph, x),
                      graph.tf.constant(
                          new float[][][] {
                            {{1, 0}}, {{1, 0}}, {{1, 0}}, {{1, 0}}, {{1, 0}}, {{1, 0}}
                          })));
        },
        "Add (Add): adds a constant to Relu (Relu), which has no kernel; make it the bias of a layer with a kernel",
        "Add_1 (Add): its bias of shape [6, 1, 2] does not lie along the 2 output channels of Conv2d_1; add a vector along the last axis");
  }

  @Test
  void biasThatIsNotOnTheGrid() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "first",
              KERNEL,
              OUTPUT,
              // Quantized behind the layer's back, so that its bias is not.
              () -> graph.tf.nn.biasAdd(conv(graph, graph.images), graph.tf.array(0.25f, 0.1f)));
      Operand<TFloat32> x = FakeQuant.of(graph.tf.withName("x"), graph.images, INPUT);
      SlimQuant.insertQuantOp(graph.graph, graph.images, "Conv2d", x);
      List<Site> sites = new ArrayList<>(graph.quantizer.plan().sites());
      sites.add(
          new Site(
              "x",
              QuantizationPlan.Kind.INPUT,
              "images:0",
              INPUT,
              new Source.Hand(),
              Optional.empty()));

      assertRefused(
          graph,
          new QuantizationPlan(sites, List.of()),
          y,
          "BiasAdd (BiasAdd): adds 0.10000000149011612 in channel 1, which is no 32-bit code of the accumulator's step 2^-13; quantize the layer's input, and build its bias inside of its method");
    }
  }
}
