package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/** Products of matrices: their codes against TensorFlow's. */
final class MatMulOpsTest {

  private static final FixedPoint SCORES = FixedPoint.signed(8, -2);

  /** A product of two tensors in TensorFlow. */
  private interface Product {
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> left, Operand<TFloat32> right);
  }

  private static Arguments product(String name, long[] left, long[] right, Product product) {
    return Arguments.of(name, left, right, product);
  }

  private static Product batchMatMul(boolean left, boolean right) {
    return (tf, x, y) ->
        tf.train.batchMatMul(x, y, TFloat32.class, BatchMatMul.adjX(left), BatchMatMul.adjY(right));
  }

  private static Product einsum(String equation) {
    return (tf, x, y) -> tf.linalg.einsum(List.of(x, y), equation);
  }

  static Stream<Arguments> products() {
    return Stream.of(
        product("plain", new long[] {3, 5}, new long[] {5, 4}, batchMatMul(false, false)),
        product("left", new long[] {5, 3}, new long[] {5, 4}, batchMatMul(true, false)),
        product("right", new long[] {3, 5}, new long[] {4, 5}, batchMatMul(false, true)),
        product("both", new long[] {5, 3}, new long[] {4, 5}, batchMatMul(true, true)),
        product("heads", new long[] {2, 3, 5}, new long[] {2, 4, 5}, batchMatMul(false, true)),
        product("Einsum", new long[] {2, 3, 5}, new long[] {2, 4, 5}, einsum("bhqd,bhkd->bhqk")),
        product("Einsum of rows", new long[] {3, 5}, new long[] {5, 4}, einsum("bij,bjk->bik")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("products")
  void ofTwoTensors(String name, long[] left, long[] right, Product product) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 12)) {
      Operand<TFloat32> x = dense(graph, "left", graph.images, left);
      Operand<TFloat32> y = dense(graph, "right", x, right);
      Operand<TFloat32> z =
          graph.layer(
              "product",
              KERNEL,
              SCORES,
              () -> graph.relu(product.of(graph.tf, graph.input(x), graph.input(y))));

      List<IntegerOp> ops = assertSame(graph, z).ops();

      assertThat(ops.get(ops.size() - 1).type()).isEqualTo("MatMul");
    }
  }

  /** Returns a dense layer whose output has a shape. */
  private static Operand<TFloat32> dense(
      QuantizedGraph graph, String name, Operand<TFloat32> x, long[] shape) {
    int size = (int) Stream.of(shape).flatMapToLong(Arrays::stream).reduce(1, (a, b) -> a * b);
    int[] to = new int[shape.length + 1];
    to[0] = -1;
    for (int i = 0; i < shape.length; i++) {
      to[i + 1] = (int) shape[i];
    }
    boolean first = name.equals("left");
    Operand<TFloat32> flat = first ? x : graph.tf.reshape(x, graph.tf.array(-1, size(x)));
    Operand<TFloat32> y =
        graph.layer(
            name,
            KERNEL,
            OUTPUT,
            () ->
                graph.tf.linalg.matMul(
                    first ? graph.input("images", INPUT, flat) : graph.input(flat),
                    graph.kernel(KERNEL, 0.3, first ? 12 : size(x), size)));
    return graph.tf.reshape(y, graph.tf.constant(to));
  }

  private static int size(Operand<TFloat32> x) {
    long[] shape = x.asOutput().shape().asArray();
    int size = 1;
    for (int i = 1; i < shape.length; i++) {
      size *= (int) shape[i];
    }
    return size;
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        product("BatchMatMul", new long[] {6, 8}, new long[] {8, 4}, batchMatMul(false, false)),
        product("transposed", new long[] {6, 8}, new long[] {4, 8}, batchMatMul(false, true)),
        product("more axes", new long[] {2, 3, 8}, new long[] {8, 4}, batchMatMul(false, false)),
        product("Einsum", new long[] {6, 8}, new long[] {8, 4}, einsum("abc,cd->abd")),
        product("Einsum, transposed", new long[] {6, 8}, new long[] {4, 8}, einsum("abc,dc->abd")),
        product("Einsum of vectors", new long[] {8}, new long[] {8, 4}, einsum("ab,bc->ac")),
        product(
            "merged heads", new long[] {6, 2, 4}, new long[] {2, 4, 4}, einsum("bthd,hde->bte")),
        product("split heads", new long[] {6, 8}, new long[] {8, 2, 4}, einsum("btc,chd->bthd")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void ofRowsAndAKernel(String name, long[] data, long[] kernel, Product product) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, data)) {
      boolean biased = !name.equals("split heads");
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () -> {
                Operand<TFloat32> products =
                    product.of(
                        graph.tf,
                        graph.input("images", INPUT, graph.images),
                        graph.kernel(KERNEL, 0.3, kernel));
                return graph.relu(
                    biased ? graph.addBias(products, 0.5f, -1f, 0.125f, 0f) : products);
              });

      IntegerModel model = assertSame(graph, y);

      assertThat(model.layers()).hasSize(1);
      assertThat(model.layers().get(0).bias().stream().anyMatch(b -> b != 0)).isEqualTo(biased);
      assertThat(model.output().shape().size()).isEqualTo(y.asOutput().shape().numDimensions() - 1);
    }
  }

  /** The spelling of graphs that have no product of more than two axes. */
  @Test
  void ofTheRowsOfABatch() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 8)) {
      Operand<TFloat32> first = rowsOf(graph, "first", graph.images, 8, 4);
      Operand<TFloat32> second = rowsOf(graph, "second", first, 4, 5);

      IntegerModel model = assertSame(graph, second);

      assertThat(model.output().shape()).containsExactly(6, 5).inOrder();
      assertThat(model.layers().stream().map(IntegerOp::type)).containsExactly("Conv2D", "Conv2D");
    }
  }

  private static Operand<TFloat32> rowsOf(
      QuantizedGraph graph, String name, Operand<TFloat32> x, int in, int out) {
    return graph.layer(
        name,
        KERNEL,
        OUTPUT,
        () -> {
          Operand<TFloat32> rows =
              graph.tf.reshape(
                  name.equals("first") ? graph.input("images", INPUT, x) : graph.input(x),
                  graph.tf.array(-1, in));
          Operand<TFloat32> products =
              graph.tf.math.add(
                  graph.tf.linalg.matMul(rows, graph.kernel(KERNEL, 0.3, in, out)),
                  graph.bias(0.5, out));
          return graph.tf.reshape(graph.relu(products), graph.tf.array(-1, 6, out));
        });
  }
}
