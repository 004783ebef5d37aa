package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import org.tensorflow.op.core.Max;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** Ops of two tensors: their codes against TensorFlow's. */
final class ArithmeticOpsTest {

  private static final FixedPoint FINE = FixedPoint.signed(6, -6);
  private static final FixedPoint SCORES = FixedPoint.signed(8, -4);
  private static final FixedPoint SHARES = FixedPoint.unsigned(8, -8);
  private static final FixedPoint POSITIVE = FixedPoint.unsigned(8, -4);

  static Stream<Arguments> ops() {
    return Stream.of(
        op("Add", (tf, x, y) -> tf.math.add(x, y)),
        op("Subtract", (tf, x, y) -> tf.math.sub(x, y)),
        op("Multiply", (tf, x, y) -> tf.math.mul(x, y)),
        op("Maximum", (tf, x, y) -> tf.math.maximum(x, y)),
        op("Minimum", (tf, x, y) -> tf.math.minimum(x, y)));
  }

  /** An op of two tensors in TensorFlow. */
  private interface TwoTensors {
    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> left, Operand<TFloat32> right);
  }

  private static Arguments op(String type, TwoTensors op) {
    return Arguments.of(type, op);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void ofOneShape(String type, TwoTensors op) {
    assertType(type, (graph, x) -> List.of(x, conv(graph, "other", x, FINE)), op, List.of(6, 5, 4));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void ofAnImageAndItsChannels(String type, TwoTensors op) {
    assertType(type, (graph, x) -> List.of(x, squeezed(graph, x)), op, List.of(6, 5, 4));
    assertType(type, (graph, x) -> List.of(squeezed(graph, x), x), op, List.of(6, 5, 4));
  }

  /** Each tensor is broadcast along another axis. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void ofRowsAndColumns(String type, TwoTensors op) {
    assertType(
        type,
        (graph, x) -> List.of(mean(graph, "rows", x, 1), mean(graph, "columns", x, 2)),
        op,
        List.of(6, 5, 4));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void ofATensorTwice(String type, TwoTensors op) {
    assertType(type, (graph, x) -> List.of(x, x), op, List.of(6, 5, 4));
  }

  @Test
  void extremesOfOneFormatKeepTheirCodes() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 5, 2)) {
      Operand<TFloat32> first = conv(graph, "first", graph.images, OUTPUT);
      Operand<TFloat32> second = conv(graph, "second", first, OUTPUT);
      Operand<TFloat32> larger = graph.tf.math.maximum(first, second);
      Operand<TFloat32> smaller =
          graph.tf.math.minimum(larger, conv(graph, "third", larger, OUTPUT));

      IntegerModel model = assertSame(graph, smaller);

      assertThat(model.output().format()).isEqualTo(OUTPUT);
      assertThat(model.output().name()).isEqualTo("Minimum");
    }
  }

  static Stream<Arguments> constants() {
    return Stream.of(
        constant("Mul", graph -> x -> graph.tf.math.mul(x, graph.tf.constant(0.75f))),
        constant("Mul by a power", graph -> x -> graph.tf.math.mul(graph.tf.constant(-4f), x)),
        constant("Mul of channels", graph -> x -> graph.tf.math.mul(x, channels(graph))),
        constant(
            "Mul of 16 bits", graph -> x -> graph.tf.math.mul(x, graph.tf.constant(257f / 256))),
        constant("RealDiv", graph -> x -> graph.tf.math.div(x, graph.tf.constant(8f))),
        constant(
            "Mul and Add",
            graph ->
                x ->
                    graph.tf.math.add(
                        graph.tf.math.mul(x, graph.tf.constant(0.5f)), graph.tf.constant(3f))));
  }

  private static Operand<TFloat32> channels(QuantizedGraph graph) {
    return graph.tf.array(0.5f, -3f, 0f, 1024.25f);
  }

  private static Arguments constant(
      String name, Function<QuantizedGraph, UnaryOperator<Operand<TFloat32>>> op) {
    return Arguments.of(name, op);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("constants")
  void withConstants(String name, Function<QuantizedGraph, UnaryOperator<Operand<TFloat32>>> op) {
    for (boolean image : List.of(true, false)) {
      try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 5, 2)) {
        Operand<TFloat32> x = conv(graph, "first", graph.images, POSITIVE);
        Operand<TFloat32> data = image ? x : graph.tf.reshape(x, graph.tf.array(-1, 30, 4));
        Operand<TFloat32> y =
            graph.layer(
                "factor",
                KERNEL,
                OUTPUT,
                () -> graph.relu(op.apply(graph).apply(graph.input(data))));

        IntegerModel model = assertSame(graph, y);

        assertThat(model.ops().stream().map(IntegerOp::type)).contains("DepthwiseConv2D");
      }
    }
  }

  @Test
  void aBiasThatIsSubtracted() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 5, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              graph.images,
              x ->
                  graph.relu(
                      graph.tf.math.sub(
                          graph.conv(x, graph.kernel(KERNEL, 0.3, 3, 3, 2, 4)),
                          graph.bias(0.5, 4))));

      IntegerModel model = assertSame(graph, y);

      assertThat(model.layers().get(0).bias().stream().anyMatch(b -> b != 0)).isTrue();
    }
  }

  /** The ops of a softmax that are not functions of single elements. */
  @Test
  void extremesAndMeansOverTheLastAxis() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 8)) {
      Operand<TFloat32> x =
          graph.layer(
              "scores",
              KERNEL,
              POSITIVE,
              () ->
                  graph.tf.linalg.einsum(
                      List.of(
                          graph.input("images", INPUT, graph.images),
                          graph.kernel(KERNEL, 0.3, 8, 4)),
                      "abc,cd->abd"));
      Operand<TFloat32> largest = graph.tf.max(x, graph.tf.array(-1), Max.keepDims(true));
      Operand<TFloat32> below =
          graph.layer(
              "below", KERNEL, FINE, () -> graph.tf.math.sub(graph.input(x), graph.input(largest)));
      Operand<TFloat32> mean = mean(graph, "mean", below, -1);
      Operand<TFloat32> scaled =
          graph.layer(
              "scaled",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.mul(graph.input(below), graph.input(mean)));

      IntegerModel model = assertSame(graph, scaled);

      assertThat(model.output().shape()).containsExactly(6, 4).inOrder();
    }
  }

  /** The softmax of docs/supported-ops.md. */
  @Test
  void aSoftmaxInLayers() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 4)) {
      Operand<TFloat32> scores =
          graph.layer(
              "scores",
              KERNEL,
              SCORES,
              () -> graph.relu(graph.input("images", INPUT, graph.images)));
      Operand<TFloat32> largest = graph.tf.max(scores, graph.tf.array(-1), Max.keepDims(true));
      Operand<TFloat32> below =
          graph.layer(
              "below",
              KERNEL,
              SCORES,
              () -> graph.tf.math.sub(graph.input(scores), graph.input(largest)));
      Operand<TFloat32> exponential =
          graph.layer("exponential", KERNEL, SHARES, () -> graph.tf.math.exp(graph.input(below)));
      Operand<TFloat32> mean =
          graph.layer(
              "mean",
              KERNEL,
              SHARES,
              () ->
                  graph.tf.math.mean(
                      graph.input(exponential), graph.tf.array(-1), Mean.keepDims(true)));
      Operand<TFloat32> reciprocal =
          graph.layer(
              "reciprocal",
              KERNEL,
              SHARES,
              () ->
                  graph.tf.math.mul(
                      graph.tf.math.reciprocal(graph.input(mean)), graph.tf.constant(0.25f)));
      Operand<TFloat32> softmax =
          graph.layer(
              "softmax",
              KERNEL,
              SHARES,
              () -> graph.tf.math.mul(graph.input(exponential), graph.input(reciprocal)));

      IntegerModel model = assertSame(graph, softmax);

      assertThat(model.ops().stream().map(IntegerOp::type).toList())
          .containsAtLeast("MaxPool", "Subtract", "Table", "AveragePool", "Table", "Multiply")
          .inOrder();
    }
  }

  private static void assertType(
      String type,
      BiFunction<QuantizedGraph, Operand<TFloat32>, List<Operand<TFloat32>>> inputs,
      TwoTensors op,
      List<Integer> shape) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 5, 2)) {
      Operand<TFloat32> x = conv(graph, "first", graph.images, POSITIVE);
      List<Operand<TFloat32>> both = inputs.apply(graph, x);
      Operand<TFloat32> y =
          graph.layer(
              "both",
              KERNEL,
              OUTPUT,
              () ->
                  graph.relu(
                      op.apply(graph.tf, graph.input(both.get(0)), graph.input(both.get(1)))));

      IntegerModel model = assertSame(graph, y);

      List<IntegerOp> all = model.ops();
      assertThat(all.get(all.size() - 1).type()).isEqualTo(type);
      assertThat(model.output().shape()).isEqualTo(shape);
    }
  }

  private static Operand<TFloat32> conv(
      QuantizedGraph graph, String layer, Operand<TFloat32> x, FixedPoint output) {
    int channels = Math.toIntExact(x.asOutput().shape().get(3));
    return graph.layer(
        layer,
        KERNEL,
        output,
        () ->
            graph.conv(
                layer.equals("first") ? graph.input("images", INPUT, x) : graph.input(x),
                graph.kernel(KERNEL, 0.3, 3, 3, channels, 4)));
  }

  private static Operand<TFloat32> squeezed(QuantizedGraph graph, Operand<TFloat32> x) {
    return mean(graph, "squeezed", x, 1, 2);
  }

  private static Operand<TFloat32> mean(
      QuantizedGraph graph, String layer, Operand<TFloat32> x, int... axes) {
    return graph.layer(
        layer,
        KERNEL,
        FINE,
        () -> graph.tf.math.mean(graph.input(x), graph.tf.array(axes), Mean.keepDims(true)));
  }
}
