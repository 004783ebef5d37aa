package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.PerChannel;
import org.tensorflow.Operand;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.types.TFloat32;

/** Convolutions that integers do not have. */
final class ConvolutionRefusalsTest {

  @Test
  void channelsFirst() {
    assertRemedy(
        "build the model with NHWC",
        graph ->
            graph.layer(
                "first",
                graph.images,
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.kernel(KERNEL, 0.3, 1, 1, 6, 6),
                        ONES,
                        "SAME",
                        Conv2d.dataFormat("NCHW"))));
    assertCompiles(graph -> graph.layer("first", graph.images, graph::conv), "Conv2D");
  }

  @Test
  void groupsOfOneChannel() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      assertCompiles(
          graph, convolved(graph, graph.kernel(KERNEL, 0.3, 3, 3, 1, 8)), "DepthwiseConv2D");
    }
  }

  @Test
  void groupsOfSeveralChannels() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      assertCompiles(graph, convolved(graph, graph.kernel(KERNEL, 0.3, 3, 3, 2, 6)), "Conv2D");
    }
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 6)) {
      PerChannel channels = new PerChannel(8, List.of(-7, -6, -5, -7, -6, -5));
      assertCompiles(
          graph,
          graph.layer(
              "layer",
              channels,
              OUTPUT,
              () ->
                  graph.addBias(
                      graph.conv(
                          graph.input("images", INPUT, graph.images),
                          graph.kernel(channels, 0.3, 3, 3, 2, 6)))),
          "Conv2D");
    }
  }

  private static Operand<TFloat32> convolved(QuantizedGraph graph, Operand<TFloat32> kernel) {
    return graph.layer("layer", graph.images, x -> graph.conv(x, kernel));
  }

  @Test
  void stridesThatTheIntegerModelDoesNotHave() {
    long far = 1L << 29;
    assertRefused(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                        List.of(1L, far, far, 1L),
                        "VALID")),
        "Conv2d (Conv2D): the sizes, strides and dilations of a window must be between 1 and 268435456, but one is 536870912; change shape or format");
  }

  @Test
  void transposedConvolution() {
    assertRefused(
        graph -> {
          Operand<TFloat32> up =
              graph.layer(
                  "up",
                  quantizedImages(graph),
                  x ->
                      graph.tf.nn.conv2dBackpropInput(
                          graph.tf.concat(
                              List.of(
                                  graph.tf.slice(
                                      graph.tf.shape(x), graph.tf.array(0), graph.tf.array(1)),
                                  graph.tf.array(2, 12, 4)),
                              graph.tf.constant(0)),
                          graph.kernel(KERNEL, 0.3, 2, 2, 2, 6),
                          x,
                          List.of(1L, 1L, 2L, 2L),
                          "SAME",
                          Conv2dBackpropInput.dataFormat("NCHW")));
          return graph.layer("second", up, graph::relu);
        },
        "Conv2dBackpropInput (Conv2DBackpropInput): it has the data format NCHW; build the model with NHWC");
  }
}
