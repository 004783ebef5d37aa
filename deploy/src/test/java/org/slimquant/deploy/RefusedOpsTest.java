package org.slimquant.deploy;

import static org.slimquant.deploy.testing.RefusedGraph.INPUT;
import static org.slimquant.deploy.testing.RefusedGraph.KERNEL;
import static org.slimquant.deploy.testing.RefusedGraph.ONES;
import static org.slimquant.deploy.testing.RefusedGraph.OUTPUT;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.conv;
import static org.slimquant.deploy.testing.RefusedGraph.layer;
import static org.slimquant.deploy.testing.RefusedGraph.next;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/** Ops of kinds that integers have, but not in this form. */
final class RefusedOpsTest {

  @Test
  void windowsThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              layer(
                  graph,
                  "first",
                  x ->
                      graph.tf.nn.conv2d(
                          x,
                          graph.kernel(KERNEL, 0.3, 3, 3, 6, 6),
                          ONES,
                          "SAME",
                          Conv2d.dataFormat("NCHW")));
          Operand<TFloat32> pooled =
              graph.tf.nn.maxPool(
                  first, graph.tf.array(1, 1, 1, 2), graph.tf.array(1, 1, 1, 2), "VALID");
          Operand<TFloat32> padded =
              graph.tf.pad(
                  pooled,
                  graph.tf.constant(new int[][] {{1, 0}, {0, 0}, {0, 0}, {0, 0}}),
                  graph.tf.constant(0f));
          Operand<TFloat32> filled =
              graph.tf.pad(
                  padded,
                  graph.tf.constant(new int[][] {{0, 0}, {1, 0}, {0, 0}, {0, 0}}),
                  graph.tf.constant(1.5f));
          Operand<TFloat32> mean =
              next(graph, "mean", filled, x -> graph.tf.math.mean(x, graph.tf.array(1, 3)));
          Operand<TFloat32> rows = graph.tf.reshape(mean, graph.tf.array(-1));
          return next(
              graph, "joined", rows, x -> graph.tf.concat(List.of(x, x), graph.tf.constant(0)));
        },
        "Conv2d (Conv2D): it has the data format NCHW; build the model with NHWC",
        "MaxPool (MaxPoolV2): it pools [1, 1, 1, 2], more than rows and columns; pool over [1, rows, columns, 1]",
        "Pad (PadV2): it pads the batch: [1, 0, 0, 0, 0, 0, 0, 0]; pad the axes behind it",
        "Pad_1 (PadV2): it pads with 1.5; pad with 0",
        "Reshape (Reshape): it does not keep the batch: it makes [] of examples of shape [6]; let the first axis stay the batch: reshape to [-1, 6]",
        "Concat (ConcatV2): it joins batches along the axis 0; join along another axis");
  }

  @Test
  void productsThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> rows =
              layer(graph, "rows", x -> graph.tf.reshape(x, graph.tf.array(-1, 72)));
          Operand<TFloat32> first =
              next(
                  graph,
                  "first",
                  rows,
                  x ->
                      graph.tf.linalg.matMul(
                          x, graph.kernel(KERNEL, 0.3, 3, 4), MatMul.transposeA(true)));
          Operand<TFloat32> second =
              next(
                  graph,
                  "second",
                  first,
                  x -> graph.tf.linalg.matMul(graph.kernel(KERNEL, 0.3, 4, 72), x));
          return next(
              graph, "third", second, x -> graph.tf.linalg.matMul(x, x, MatMul.transposeB(true)));
        },
        "MatMul (MatMul): it transposes its data, whose first axis is the batch; multiply data by kernel: x * kernel",
        "MatMul_1 (MatMul): it has its kernel in front of its data; multiply data by kernel: x * kernel",
        "MatMul_2 (MatMul): it multiplies two tensors, neither of which is a kernel; cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it");
  }

  @Test
  void stridesThatTheIntegerModelDoesNotHave() {
    long far = 1L << 29;
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                        List.of(1L, far, far, 1L),
                        "VALID")),
        "Conv2d (Conv2D): the sizes, strides and dilations of a window must be between 1 and 268435456, but one is 536870912; change shape or format");
  }

  @Test
  void whatTheIntegerModelDoesNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              graph.layer(
                  "first",
                  KERNEL,
                  FixedPoint.signed(8, 30),
                  () -> conv(graph, graph.input("images", INPUT, graph.images)));
          Operand<TFloat32> second =
              graph.layer(
                  "second",
                  KERNEL,
                  OUTPUT,
                  () -> graph.tf.nn.avgPool(graph.input(first), ONES, ONES, "SAME"));
          return graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input(second)));
        },
        "AvgPool (AvgPool): op second (AveragePool) must have an output whose step is at most 2^16 times finer than the input's, but has second/SlimQuant/output [6, 6, 2] int8 * 2^-4 from first/SlimQuant/output [6, 6, 2] int8 * 2^30; change shape or format",
        "Add (Add): op sum (Add) must have inputs whose steps are at most 2^32 apart, but has first/SlimQuant/output [6, 6, 2] int8 * 2^30 and second/SlimQuant/output [6, 6, 2] int8 * 2^-4; change shape or format");
  }

  /**
   * How large its output is, is computed from the shape of the batch, by ops that are no matter.
   */
  @Test
  void transposedConvolution() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> graph.tf.nn.relu(x));
          Operand<TFloat32> up =
              next(
                  graph,
                  "up",
                  first,
                  x ->
                      graph.tf.nn.conv2dBackpropInput(
                          graph.tf.concat(
                              List.of(
                                  graph.tf.slice(
                                      graph.tf.shape(x), graph.tf.array(0), graph.tf.array(1)),
                                  graph.tf.array(12, 12, 2)),
                              graph.tf.constant(0)),
                          graph.kernel(KERNEL, 0.3, 2, 2, 2, 2),
                          x,
                          List.of(1L, 2L, 2L, 1L),
                          "SAME"));
          return next(graph, "second", up, x -> graph.tf.nn.relu(x));
        },
        "Conv2dBackpropInput (Conv2DBackpropInput): it has no integer op; build the layer from other ops, or cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it");
  }
}
