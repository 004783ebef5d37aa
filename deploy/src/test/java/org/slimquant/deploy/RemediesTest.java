package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Layers that are refused, and what is made of them by doing what the refusal says. */
final class RemediesTest {

  private static final FixedPoint INPUT = FixedPoint.signed(8, -6);
  private static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
  private static final float[] BIAS = {0.25f, 0.5f, -0.25f, -0.5f};

  private static Operand<TFloat32> layer(
      QuantizedGraph graph, Function<Operand<TFloat32>, Operand<TFloat32>> body) {
    return graph.layer(
        "layer", KERNEL, OUTPUT, () -> body.apply(graph.input("images", INPUT, graph.images)));
  }

  private static void assertRefused(
      Function<QuantizedGraph, Operand<TFloat32>> model, String... refusals) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      Operand<TFloat32> output = model.apply(graph);
      UnconvertibleGraphException refused =
          assertThrows(UnconvertibleGraphException.class, () -> graph.compile(output));
      assertThat(refused.refusals().stream().map(Refusal::toString))
          .containsExactlyElementsIn(List.of(refusals))
          .inOrder();
    }
  }

  private static void assertCompiles(
      Function<QuantizedGraph, Operand<TFloat32>> model, String... ops) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      assertThat(graph.compile(model.apply(graph)).ops().stream().map(IntegerOp::type))
          .containsExactlyElementsIn(List.of(ops))
          .inOrder();
    }
  }

  private static Operand<TFloat32> convolution(
      QuantizedGraph graph, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return graph.tf.nn.conv2d(x, kernel, ONES, "SAME");
  }

  @Test
  void groupsOfOneChannel() {
    assertRefused(
        graph -> layer(graph, x -> convolution(graph, x, graph.kernel(KERNEL, 0.3, 3, 3, 1, 8))),
        "Conv2d (Conv2D): it is a grouped convolution: its kernel of shape [3, 3, 1, 8] reads 1 of 4 channels; make it a DepthwiseConv2dNative, with the kernel reshaped to [3, 3, 4, 2]");
    assertCompiles(
        graph ->
            layer(
                graph,
                x ->
                    graph.tf.nn.depthwiseConv2dNative(
                        x,
                        graph.tf.reshape(
                            graph.kernel(KERNEL, 0.3, 3, 3, 1, 8), graph.tf.array(3, 3, 4, 2)),
                        ONES,
                        "SAME")),
        "DepthwiseConv2D");
  }

  @Test
  void groupsOfTwoChannels() {
    assertRefused(
        graph -> layer(graph, x -> convolution(graph, x, graph.kernel(KERNEL, 0.3, 3, 3, 2, 6))),
        "Conv2d (Conv2D): it is a grouped convolution: its kernel of shape [3, 3, 2, 6] reads 2 of 4 channels; fill its kernel up to the shape [3, 3, 4, 6], with zeros for the channels of other groups");
    assertCompiles(graph -> layer(graph, x -> convolution(graph, x, filledUp(graph))), "Conv2D");
  }

  /** Two groups: what the first reads lies before what the second reads. */
  private static Operand<TFloat32> filledUp(QuantizedGraph graph) {
    Ops tf = graph.tf;
    Operand<TFloat32> first =
        tf.pad(
            graph.kernel(KERNEL, 0.3, 3, 3, 2, 3),
            tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 2}, {0, 0}}),
            tf.constant(0f));
    Operand<TFloat32> second =
        tf.pad(
            graph.kernel(KERNEL, 0.3, 3, 3, 2, 3),
            tf.constant(new int[][] {{0, 0}, {0, 0}, {2, 0}, {0, 0}}),
            tf.constant(0f));
    return tf.concat(List.of(first, second), tf.constant(3));
  }

  @Test
  void biasBehindAnAverage() {
    assertRefused(
        graph ->
            layer(graph, x -> graph.tf.nn.biasAdd(average(graph, whole(graph, x)), bias(graph))),
        "Conv2d (Conv2D): its output, which AvgPool (AvgPool) reads, has no format; let a @QuantInt8 method return it, and another one the average",
        "BiasAdd (BiasAdd): adds a constant to AvgPool (AvgPool), which has no kernel; add it to Conv2d (Conv2D), before the average");
    assertCompiles(
        graph -> {
          Operand<TFloat32> first =
              layer(graph, x -> graph.tf.nn.biasAdd(whole(graph, x), bias(graph)));
          return graph.layer("average", KERNEL, OUTPUT, () -> average(graph, graph.input(first)));
        },
        "Conv2D",
        "AveragePool");
  }

  /** Before the average it would change what the ReLU cuts off. */
  @Test
  void biasBehindAnAverageOfARelu() {
    assertRefused(
        graph ->
            layer(
                graph,
                x ->
                    graph.tf.nn.biasAdd(
                        average(graph, graph.tf.nn.relu(whole(graph, x))), bias(graph))),
        "Relu (Relu): its output, which AvgPool (AvgPool) reads, has no format; let a @QuantInt8 method return it, and another one the average",
        "BiasAdd (BiasAdd): adds a constant to AvgPool (AvgPool), which has no kernel; make it the bias of a layer with a kernel");
  }

  private static Operand<TFloat32> whole(QuantizedGraph graph, Operand<TFloat32> x) {
    return convolution(graph, x, graph.kernel(KERNEL, 0.3, 3, 3, 4, 4));
  }

  private static Operand<TFloat32> bias(QuantizedGraph graph) {
    return graph.tf.constant(BIAS);
  }

  private static Operand<TFloat32> average(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.avgPool(x, ONES, ONES, "SAME");
  }
}
