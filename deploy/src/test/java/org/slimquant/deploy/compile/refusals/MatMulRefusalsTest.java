package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/** Products that are not of data and a kernel. */
final class MatMulRefusalsTest {

  @Test
  void productsThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> rows =
              graph.layer("rows", graph.images, x -> graph.tf.reshape(x, graph.tf.array(-1, 72)));
          Operand<TFloat32> first =
              graph.layer(
                  "first",
                  rows,
                  x ->
                      graph.tf.linalg.matMul(
                          x, graph.kernel(KERNEL, 0.3, 3, 4), MatMul.transposeA(true)));
          Operand<TFloat32> second =
              graph.layer(
                  "second",
                  first,
                  x -> graph.tf.linalg.matMul(graph.kernel(KERNEL, 0.3, 4, 72), x));
          return graph.layer(
              "third", second, x -> graph.tf.linalg.matMul(x, x, MatMul.transposeB(true)));
        },
        "MatMul (MatMul): it transposes its data, whose first axis is the batch; multiply data by kernel: x * kernel",
        "MatMul_1 (MatMul): it has its kernel in front of its data; multiply data by kernel: x * kernel",
        "MatMul_2 (MatMul): it multiplies two tensors, neither of which is a kernel; cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it");
  }

  @Test
  void matrices() {
    assertRemedy(
        "multiply data by kernel: x * kernel",
        graph ->
            graph.layer(
                "dense",
                rows(graph),
                x ->
                    graph.tf.linalg.matMul(
                        x, graph.kernel(KERNEL, 0.3, 5, 4), MatMul.transposeA(true))));
    assertRemedy(
        "multiply data by kernel: x * kernel",
        graph ->
            graph.layer(
                "dense",
                rows(graph),
                x -> graph.tf.linalg.matMul(graph.kernel(KERNEL, 0.3, 4, 5), x)));
    assertCompiles(
        graph ->
            graph.layer(
                "dense",
                rows(graph),
                x -> graph.tf.linalg.matMul(x, graph.kernel(KERNEL, 0.1, 72, 5))),
        "Requantize",
        "Reshape",
        "Dense");
  }

  private static Operand<TFloat32> rows(QuantizedGraph graph) {
    return graph.tf.reshape(quantizedImages(graph), graph.tf.array(-1, 72));
  }
}
