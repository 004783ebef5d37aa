package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/** Graphs with several ops that are refused: the message lists all of them. */
final class AllRefusalsAtOnceTest {

  @Test
  void everythingAtOnce() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              graph.layer(
                  "first",
                  graph.images,
                  x -> graph.tf.math.cumsum(graph.conv(x), graph.tf.constant(3)));
          Operand<TFloat32> second =
              graph.layer(
                  "second",
                  first,
                  x ->
                      graph
                          .tf
                          .nn
                          .fusedBatchNorm(
                              graph.relu(graph.conv(x)),
                              graph.tf.array(1f, 1f),
                              graph.tf.array(0f, 0f),
                              graph.tf.array(0f, 0f),
                              graph.tf.array(1f, 1f),
                              FusedBatchNorm.isTraining(false))
                          .y());
          Operand<TFloat32> unquantized = graph.tf.math.mul(second, graph.tf.constant(0.3f));
          Operand<TFloat32> third =
              graph.layer("third", unquantized, x -> graph.relu(graph.conv(x)));
          return graph.tf.math.sigmoid(graph.tf.math.exp(graph.tf.nn.softmax(third)));
        },
        "Cumsum (Cumsum): it has no integer op; build the layer from other ops, or cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it",
        "FusedBatchNorm (FusedBatchNormV3): a batch normalization that no layer folded has no integer op; let it directly follow the kernel op of a @QuantInt8 method",
        "Mul (Mul): it has no integer op; fold a factor into a kernel and an offset into a bias, or cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it",
        "Softmax (Softmax): it is computed in floats, behind the last tensor that is quantized; let the output be session.graph().outputOrThrow(\"third/SlimQuant/output:0\"), and compute what comes behind it yourself");
  }

  @Test
  void windowsThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              graph.layer(
                  "first",
                  graph.images,
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
                  graph.tf.constant(1.28125f));
          Operand<TFloat32> mean =
              graph.layer("mean", filled, x -> graph.tf.math.mean(x, graph.tf.array(1, 3)));
          Operand<TFloat32> rows = graph.tf.reshape(mean, graph.tf.array(-1));
          return graph.layer(
              "joined", rows, x -> graph.tf.concat(List.of(x, x), graph.tf.constant(0)));
        },
        "Conv2d (Conv2D): it has the data format NCHW; build the model with NHWC",
        "MaxPool (MaxPoolV2): it pools [1, 1, 1, 2], more than rows and columns; pool over [1, rows, columns, 1]",
        "Pad (PadV2): it pads the batch: [1, 0, 0, 0, 0, 0, 0, 0]; pad the axes behind it",
        "Pad_1 (PadV2): it pads with 1.28125, which has no code in int8 * 2^-4; pad with a multiple of 2^-4 between -7.9375 and 7.9375",
        "Reshape (Reshape): it does not keep the batch: it makes [] of examples of shape [6]; let the first axis stay the batch: reshape to [-1, 6]",
        "Concat (ConcatV2): it joins batches along the axis 0; join along another axis");
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
                  () -> graph.conv(graph.input("images", INPUT, graph.images)));
          Operand<TFloat32> second = graph.layer("second", first, graph::average);
          return graph.layer("sum", first, x -> graph.tf.math.add(x, graph.input(second)));
        },
        "AvgPool (AvgPool): op second (AveragePool) must have an output whose step is at most 2^16 times finer than the input's, but has second/SlimQuant/output [6, 6, 2] int8 * 2^-4 from first/SlimQuant/output [6, 6, 2] int8 * 2^30; change shape or format",
        "Add (Add): op sum (Add) must have inputs whose steps are at most 2^32 apart, but has first/SlimQuant/output [6, 6, 2] int8 * 2^30 and second/SlimQuant/output [6, 6, 2] int8 * 2^-4; change shape or format");
  }
}
