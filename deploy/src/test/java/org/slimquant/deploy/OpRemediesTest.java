package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.RefusedGraph.INPUT;
import static org.slimquant.deploy.testing.RefusedGraph.KERNEL;
import static org.slimquant.deploy.testing.RefusedGraph.ONES;
import static org.slimquant.deploy.testing.RefusedGraph.OUTPUT;
import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.conv;
import static org.slimquant.deploy.testing.RefusedGraph.layer;
import static org.slimquant.deploy.testing.RefusedGraph.next;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Select;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Ops that are refused, and what is made of them by doing what the refusal says. */
final class OpRemediesTest {

  /** Checks that a graph is refused for one op, with a remedy that begins so. */
  private static void assertRemedy(
      String remedy, Function<QuantizedGraph, Operand<TFloat32>> model) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> output = model.apply(graph);
      List<Refusal> refusals =
          assertThrows(UnconvertibleGraphException.class, () -> graph.compile(output)).refusals();
      assertThat(refusals).hasSize(1);
      assertThat(refusals.get(0).remedy()).startsWith(remedy);
    }
  }

  private static Operand<TFloat32> relu(QuantizedGraph graph) {
    return layer(graph, "first", x -> graph.tf.nn.relu(x));
  }

  private static Operand<TFloat32> rows(QuantizedGraph graph) {
    return graph.tf.reshape(relu(graph), graph.tf.array(-1, 72));
  }

  @Test
  void channelsFirst() {
    Function<QuantizedGraph, Operand<TFloat32>> model =
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.kernel(KERNEL, 0.3, 1, 1, 6, 6),
                        ONES,
                        "SAME",
                        Conv2d.dataFormat("NCHW")));
    assertRemedy("build the model with NHWC", model);
    assertCompiles(graph -> layer(graph, "first", x -> conv(graph, x)), "Conv2D");
  }

  @Test
  void aPoolOfChannels() {
    assertRemedy(
        "pool over [1, rows, columns, 1]",
        graph ->
            graph.tf.nn.maxPool(
                relu(graph), graph.tf.array(1, 1, 1, 2), graph.tf.array(1, 1, 1, 2), "VALID"));
    assertCompiles(
        graph ->
            graph.tf.nn.maxPool(
                relu(graph), graph.tf.array(1, 2, 2, 1), graph.tf.array(1, 1, 1, 1), "VALID"),
        "Requantize",
        "MaxPool");
  }

  @Test
  void stridesOverTheBatch() {
    assertRemedy(
        "use strides [1, down, across, 1]",
        graph ->
            graph.tf.nn.maxPool(
                relu(graph), graph.tf.array(1, 2, 2, 1), graph.tf.array(2, 1, 1, 1), "VALID"));
  }

  @Test
  void averagesOfAxesApart() {
    assertRemedy(
        "average over axes that lie side by side",
        graph ->
            next(graph, "mean", relu(graph), x -> graph.tf.math.mean(x, graph.tf.array(1, 3))));
    assertCompiles(
        graph -> {
          Operand<TFloat32> channels =
              next(graph, "mean", relu(graph), x -> graph.tf.math.mean(x, graph.tf.array(3)));
          return next(graph, "again", channels, x -> graph.tf.math.mean(x, graph.tf.array(1)));
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
        graph -> graph.tf.max(relu(graph), graph.tf.array(0, 1)));
    assertCompiles(
        graph -> graph.tf.max(relu(graph), graph.tf.array(1)), "Requantize", "MaxPool", "Reshape");
  }

  @Test
  void paddings() {
    assertRemedy("pad with 0", graph -> padded(graph, 1.5f, 0));
    assertRemedy("pad the axes behind it", graph -> padded(graph, 0, 1));
    assertCompiles(graph -> padded(graph, 0, 0), "Requantize", "Pad");
  }

  private static Operand<TFloat32> padded(QuantizedGraph graph, float value, int batch) {
    return graph.tf.pad(
        relu(graph),
        graph.tf.constant(new int[][] {{batch, 0}, {1, 0}, {0, 2}, {0, 0}}),
        graph.tf.constant(value));
  }

  @Test
  void aShapeWithoutTheBatch() {
    assertRemedy(
        "let the first axis stay the batch: reshape to [-1, 72]",
        graph -> graph.tf.shape.flatten(relu(graph)));
    assertCompiles(
        graph -> graph.tf.reshape(relu(graph), graph.tf.array(-1, 72)), "Requantize", "Reshape");
  }

  @Test
  void aShapeThatDependsOnTheBatch() {
    assertRemedy(
        "let the batch stay the first axis",
        graph ->
            graph.tf.reshape(
                relu(graph),
                graph.tf.concat(
                    List.of(
                        graph.tf.array(72),
                        graph.tf.slice(
                            graph.tf.shape(graph.images), graph.tf.array(0), graph.tf.array(1))),
                    graph.tf.constant(0))));
  }

  @Test
  void joinedBatches() {
    assertRemedy("join along another axis", graph -> joined(graph, 0));
    assertCompiles(graph -> joined(graph, 1), "Requantize", "Concat");
  }

  private static Operand<TFloat32> joined(QuantizedGraph graph, int axis) {
    return next(
        graph, "joined", relu(graph), x -> graph.tf.concat(List.of(x, x), graph.tf.constant(axis)));
  }

  @Test
  void sumsOfTwoShapes() {
    assertRemedy(
        "add tensors of one shape",
        graph ->
            next(
                graph,
                "sum",
                relu(graph),
                x -> graph.tf.math.add(x, graph.tf.max(x, graph.tf.array(1)))));
    assertCompiles(
        graph -> next(graph, "sum", relu(graph), x -> graph.tf.math.add(x, x)),
        "Requantize",
        "Add");
  }

  @Test
  void aJoinInALayer() {
    assertRemedy(
        "let a @QuantInt8 method of its own return it",
        graph ->
            layer(graph, "first", x -> graph.tf.nn.relu(graph.tf.math.add(conv(graph, x), x))));
    assertCompiles(
        graph -> {
          Operand<TFloat32> x = relu(graph);
          Operand<TFloat32> branch = next(graph, "branch", x, in -> conv(graph, in));
          return next(graph, "sum", branch, in -> graph.tf.nn.relu(graph.tf.math.add(in, x)));
        },
        "Requantize",
        "Conv2D",
        "Add");
  }

  @Test
  void matrices() {
    assertRemedy(
        "multiply data by kernel: x * kernel",
        graph ->
            next(
                graph,
                "dense",
                rows(graph),
                x ->
                    graph.tf.linalg.matMul(
                        x, graph.kernel(KERNEL, 0.3, 5, 4), MatMul.transposeA(true))));
    assertRemedy(
        "multiply data by kernel: x * kernel",
        graph ->
            next(
                graph,
                "dense",
                rows(graph),
                x -> graph.tf.linalg.matMul(graph.kernel(KERNEL, 0.3, 4, 5), x)));
    assertCompiles(
        graph ->
            next(
                graph,
                "dense",
                rows(graph),
                x -> graph.tf.linalg.matMul(x, graph.kernel(KERNEL, 0.1, 72, 5))),
        "Requantize",
        "Reshape",
        "Dense");
  }

  @Test
  void kernelsThatAreFed() {
    assertRemedy(
        "let it be a constant or a variable",
        graph ->
            next(
                graph,
                "conv",
                relu(graph),
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.tf.math.mul(
                            graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                            graph.tf.reduceMax(graph.images, graph.tf.array(0, 1, 2, 3))),
                        ONES,
                        "SAME")));
  }

  @Test
  void factorsAndOffsets() {
    assertRemedy(
        "fold a factor into a kernel and an offset into a bias",
        graph -> {
          Ops tf = graph.tf;
          Operand<TFloat32> x = tf.math.mul(relu(graph), tf.constant(0.75f));
          return next(graph, "conv", x, in -> conv(graph, in));
        });
    assertCompiles(
        graph ->
            next(
                graph,
                "conv",
                relu(graph),
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.tf.math.mul(
                            graph.kernel(KERNEL, 0.3, 3, 3, 2, 2), graph.tf.constant(0.75f)),
                        ONES,
                        "SAME")),
        "Requantize",
        "Conv2D");
  }

  @Test
  void batchNormalizations() {
    assertRemedy(
        "fold its scale and offset into the kernel and the bias of the layer before it",
        graph -> layer(graph, "first", x -> normalized(graph, conv(graph, x))));
    assertCompiles(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        graph.tf.nn.conv2d(
                            x,
                            graph.tf.math.mul(
                                graph.kernel(KERNEL, 0.3, 3, 3, 2, 2), graph.tf.array(2f, 3f)),
                            ONES,
                            "SAME"),
                        graph.tf.array(0.5f, 1f))),
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
          Operand<TFloat32> first = relu(graph);
          Operand<TFloat32> chosen =
              Select.create(graph.tf.scope(), small, first, graph.tf.math.tanh(first));
          return next(graph, "second", chosen, x -> conv(graph, x));
        });
    assertCompiles(
        graph -> next(graph, "second", relu(graph), x -> conv(graph, x)), "Requantize", "Conv2D");
  }

  @Test
  void formatsThatIntegersDoNotHave() {
    assertRemedy("change shape or format", graph -> averaged(graph, FixedPoint.signed(8, -30)));
    assertCompiles(graph -> averaged(graph, OUTPUT), "AveragePool");
  }

  private static Operand<TFloat32> averaged(QuantizedGraph graph, FixedPoint output) {
    return graph.layer(
        "average",
        KERNEL,
        output,
        () -> graph.tf.nn.avgPool(graph.input("images", INPUT, graph.images), ONES, ONES, "SAME"));
  }
}
