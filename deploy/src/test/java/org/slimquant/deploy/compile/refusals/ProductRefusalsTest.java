package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Products of matrices, batches that are merged with rows, and sums of many. */
final class ProductRefusalsTest {

  @Test
  void aMatrixForEachRow() {
    assertRemedy(
        "multiply data by a kernel of two axes",
        graph -> product(graph, x -> graph.tf.zeros(graph.tf.array(1, 6, 2, 3), TFloat32.class)));
  }

  @Test
  void otherAxesBeforeTheMatrices() {
    assertRemedy(
        "let both have two axes or more after the batch, and the same lengths",
        graph ->
            product(
                graph,
                x ->
                    graph.tf.reshape(
                        graph.tf.max(x, graph.tf.array(1)), graph.tf.array(-1, 1, 2, 6))));
  }

  private static Operand<TFloat32> product(
      QuantizedGraph graph, UnaryOperator<Operand<TFloat32>> right) {
    return graph.layer(
        "product",
        quantizedImages(graph),
        x -> graph.tf.train.batchMatMul(x, right.apply(x), TFloat32.class));
  }

  @Test
  void rowsThatStayMerged() {
    assertRemedy(
        "give what is reshaped to [-1, 6, ..]",
        graph -> graph.tf.reshape(quantizedImages(graph), graph.tf.array(-1, 6, 2)));
  }

  @Test
  void aSoftmaxOfMergedRows() {
    assertRemedy(
        "reshape to [-1, 36, ..] before it",
        graph ->
            graph.layer(
                "layer",
                graph.tf.reshape(quantizedImages(graph), graph.tf.array(-1, 2)),
                x -> graph.tf.reshape(graph.tf.nn.softmax(x), graph.tf.array(-1, 72))));
  }

  @Test
  void rowsOfATable() {
    assertRemedy(
        "feed one-hot rows in place of the indices",
        graph ->
            graph.layer(
                "layer",
                quantizedImages(graph),
                x -> graph.tf.gather(x, graph.tf.array(0, 1), graph.tf.constant(1))));
  }

  @Test
  void sumsOfMoreThanTwo() {
    assertRemedy(
        "add two of them at a time",
        graph -> {
          Operand<TFloat32> first = quantizedImages(graph);
          Operand<TFloat32> second = graph.layer("second", first, graph::conv);
          return graph.layer("layer", first, x -> graph.tf.math.addN(List.of(x, second, second)));
        });
  }

  @Test
  void aSoftmaxWithin() {
    assertRemedy(
        "write it as layers: Sub of the Max, Exp, the reciprocal of the Mean, Mul",
        graph -> graph.layer("layer", quantizedImages(graph), x -> graph.tf.nn.softmax(x)));
  }
}
