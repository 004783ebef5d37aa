package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
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
      assertRefused(
          graph,
          convolved(graph, graph.kernel(KERNEL, 0.3, 3, 3, 1, 8)),
          "Conv2d (Conv2D): it is a grouped convolution: its kernel of shape [3, 3, 1, 8] reads 1 of 4 channels; make it a DepthwiseConv2dNative, with the kernel reshaped to [3, 3, 4, 2]");
    }
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 3, 3, 1, 8);
      Operand<TFloat32> reshaped = graph.tf.reshape(kernel, graph.tf.array(3, 3, 4, 2));
      assertCompiles(
          graph,
          graph.layer(
              "layer",
              graph.images,
              x -> graph.tf.nn.depthwiseConv2dNative(x, reshaped, ONES, "SAME")),
          "DepthwiseConv2D");
    }
  }

  @Test
  void groupsOfTwoChannels() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      assertRefused(
          graph,
          convolved(graph, graph.kernel(KERNEL, 0.3, 3, 3, 2, 6)),
          "Conv2d (Conv2D): it is a grouped convolution: its kernel of shape [3, 3, 2, 6] reads 2 of 4 channels; fill its kernel up to the shape [3, 3, 4, 6], with zeros for the channels of other groups");
    }
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 4)) {
      assertCompiles(graph, convolved(graph, kernelOfTwoGroups(graph)), "Conv2D");
    }
  }

  private static Operand<TFloat32> convolved(QuantizedGraph graph, Operand<TFloat32> kernel) {
    return graph.layer("layer", graph.images, x -> graph.conv(x, kernel));
  }

  /** The first group reads channels 0 and 1, the second channels 2 and 3. */
  private static Operand<TFloat32> kernelOfTwoGroups(QuantizedGraph graph) {
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
