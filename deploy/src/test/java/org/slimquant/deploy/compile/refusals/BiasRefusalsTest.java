package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.SlimQuant;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Constants that are not the bias of a layer, or have no codes. */
final class BiasRefusalsTest {

  /** 2048 is 2^24 steps of the accumulator, where float32 has lost the last bit of the products. */
  @Test
  void biasesThatCancel() {
    assertRefused(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x -> graph.addBias(graph.addBias(graph.conv(x), 1, 2048), -1, -2048)),
        "BiasAdd_1 (BiasAdd): adds to Conv2d, after another constant, one of the other sign in channel 1, and float32 rounds in between; add one constant, their sum");
  }

  @Test
  void biasesThatCancelBecomeTheirSum() {
    assertRemedy(
        "add one constant, their sum",
        graph ->
            graph.layer(
                "first",
                graph.images,
                x -> graph.addBias(graph.addBias(graph.conv(x), 1f, 2048f), -1f, -2048f)));
    assertCompiles(graph -> withBias(graph, tf -> tf.array(0f, 0f)), "Conv2D");
  }

  /** The step is 2^-13, so that 32 bits end at 262144. */
  @Test
  void biasesBeyond32Bits() {
    assertRefused(
        graph ->
            graph.layer(
                "first", graph.images, x -> graph.addBias(graph.conv(x), -300000, 262143.98f)),
        "first/SlimQuant/bias (Const): -300000.0 in channel 0 is beyond the 32 bits of a bias, whose step is 2^-13 here, and becomes -262143.98; calibrate again, or let the layer's kernelFrac be larger by 2 or its bits fewer");
    assertRefused(
        graph ->
            graph.layer("first", graph.images, x -> graph.addBias(graph.conv(x), 3e38f, 262145)),
        "first/SlimQuant/bias (Const): 3.0E38 in channel 0 (and 1 more) is beyond the 32 bits of a bias, whose step is 2^-13 here, and becomes 262143.98; calibrate again, or let the layer's kernelFrac be larger by 111 or its bits fewer");
  }

  @Test
  void biasesThatAddUpToMoreThan32Bits() {
    assertRefused(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x -> graph.addBias(graph.addBias(graph.conv(x), 1, 200000), 1, 100000)),
        "BiasAdd (BiasAdd): adds 200000.0 in channel 1, with which what is added exceeds the 32 bits of the accumulator's step 2^-13; calibrate again, or let the layer's kernelFrac be larger or its bits fewer");
  }

  @Test
  void biasesThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              graph.layer(
                  "first",
                  graph.images,
                  x -> graph.tf.math.add(graph.relu(graph.conv(x)), graph.tf.array(0.5f, 1f)));
          return graph.layer(
              "second",
              first,
              x ->
                  graph.tf.math.add(
                      graph.conv(x),
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
              () -> graph.addBias(graph.conv(graph.images), 0.25f, 0.1f));
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

  @Test
  void biasesAcrossTheChannels() {
    assertRemedy(
        "add a vector along the last axis",
        graph -> withBias(graph, tf -> tf.fill(tf.array(6, 1, 2), tf.constant(0.5f))));
    assertCompiles(graph -> withBias(graph, tf -> tf.array(0.5f, 1f)), "Conv2D");
  }

  @Test
  void aConstantAfterAnActivation() {
    assertRemedy(
        "make it the bias of a layer with a kernel",
        graph ->
            graph.layer(
                "first",
                graph.images,
                x -> graph.tf.math.add(graph.relu(graph.conv(x)), graph.tf.array(1f, 2f))));
    assertCompiles(
        graph -> {
          Operand<TFloat32> first =
              graph.layer("first", graph.images, x -> graph.relu(graph.conv(x)));
          return graph.layer(
              "second",
              first,
              x ->
                  graph.addBias(
                      graph.tf.nn.depthwiseConv2dNative(
                          x,
                          graph.tf.constant(new float[][][][] {{{{0.5f}, {0.5f}}}}),
                          ONES,
                          "SAME"),
                      1f,
                      2f));
        },
        "Conv2D",
        "DepthwiseConv2D");
  }

  @Test
  void aBiasOfARawInput() {
    assertRemedy(
        "annotate the parameter of the layer",
        graph ->
            graph.layer(
                "first",
                KERNEL,
                OUTPUT,
                () -> graph.addBias(graph.conv(graph.images), 0.1f, 0.2f)));
    assertCompiles(graph -> withBias(graph, tf -> tf.array(0.1f, 0.2f)), "Conv2D");
  }

  @Test
  void biasAfterAnAverage() {
    assertRefused(
        graph ->
            graph.layer(
                "layer",
                graph.images,
                x -> graph.addBias(graph.average(graph.conv(x)), 0.25f, 0.5f)),
        "Conv2d (Conv2D): its output, which AvgPool (AvgPool) reads, has no format; let a @QuantInt8 method return it, and another one the average",
        "BiasAdd (BiasAdd): adds a constant to AvgPool (AvgPool), which has no kernel; add it to Conv2d (Conv2D), before the average");
    assertCompiles(
        graph -> {
          Operand<TFloat32> first =
              graph.layer("layer", graph.images, x -> graph.addBias(graph.conv(x), 0.25f, 0.5f));
          return graph.layer("average", first, graph::average);
        },
        "Conv2D",
        "AveragePool");
  }

  /** A bias before the average would change what the ReLU cuts off. */
  @Test
  void biasAfterAnAverageOfARelu() {
    assertRefused(
        graph ->
            graph.layer(
                "layer",
                graph.images,
                x -> graph.addBias(graph.average(graph.relu(graph.conv(x))), 0.25f, 0.5f)),
        "Relu (Relu): its output, which AvgPool (AvgPool) reads, has no format; let a @QuantInt8 method return it, and another one the average",
        "BiasAdd (BiasAdd): adds a constant to AvgPool (AvgPool), which has no kernel; make it the bias of a layer with a kernel");
  }

  private static Operand<TFloat32> withBias(
      QuantizedGraph graph, Function<Ops, Operand<TFloat32>> bias) {
    return graph.layer(
        "first", graph.images, x -> graph.tf.math.add(graph.conv(x), bias.apply(graph.tf)));
  }
}
