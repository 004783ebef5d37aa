package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.fakequant.PerTensorFakeQuant;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The ops that keep the grid of a fake quant. */
final class GridWalkTest {

  private static final FixedPoint FORMAT = FixedPoint.signed(8, -5);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Operand<TFloat32> image =
      tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2, 4, 4, 3)));

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  private static Arguments op(
      String title, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op) {
    return Arguments.of(title, op);
  }

  static Stream<Arguments> keepers() {
    return Stream.of(
        op(
            "BatchToSpaceND",
            (tf, x) -> tf.batchToSpaceNd(x, tf.array(2), tf.constant(new int[1][2]))),
        op("BroadcastTo", (tf, x) -> tf.broadcastTo(x, tf.array(5, 2, 4, 4, 3))),
        op("CheckNumerics", (tf, x) -> tf.debugging.checkNumerics(x, "x")),
        op("ConcatV2", (tf, x) -> tf.concat(List.of(x, tf.nn.relu(x)), tf.constant(3))),
        op("DepthToSpace", (tf, x) -> tf.nn.depthToSpace(tf.tile(x, tf.array(1, 1, 1, 4)), 2L)),
        op("dropout", (tf, x) -> tf.math.mul(tf.math.div(x, tf.constant(0.7f)), mask(tf, x, 0.3f))),
        op(
            "dropout that keeps what is not scaled yet",
            (tf, x) -> tf.math.mul(mask(tf, x, 0.3f), x)),
        op("EnsureShape", (tf, x) -> tf.ensureShape(x, Shape.of(2, 4, 4, 3))),
        op("ExpandDims", (tf, x) -> tf.expandDims(x, tf.constant(0))),
        op("GatherV2", (tf, x) -> tf.gather(x, tf.array(0, 0), tf.constant(0))),
        op("Identity", (tf, x) -> tf.identity(x)),
        op("Max", (tf, x) -> tf.max(x, tf.array(1, 2))),
        op("Maximum", (tf, x) -> tf.math.maximum(x, tf.identity(x))),
        op(
            "MaxPool",
            (tf, x) -> tf.nn.maxPool(x, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "SAME")),
        op("MirrorPad", (tf, x) -> tf.mirrorPad(x, paddings(tf), "REFLECT")),
        op("Minimum", (tf, x) -> tf.math.minimum(x, tf.identity(x))),
        op("Pack", (tf, x) -> tf.stack(List.of(x, tf.identity(x)))),
        op("Pad", (tf, x) -> tf.pad(x, paddings(tf), tf.constant(0f))),
        op("PadV2", (tf, x) -> tf.pad(x, paddings(tf), tf.constant(-0.21875f))),
        op("Relu", (tf, x) -> tf.nn.relu(x)),
        op("Relu6", (tf, x) -> tf.nn.relu6(x)),
        op("Reshape", (tf, x) -> tf.reshape(x, tf.array(2, 48))),
        op("ResizeNearestNeighbor", (tf, x) -> tf.image.resizeNearestNeighbor(x, tf.array(8, 8))),
        op("ReverseV2", (tf, x) -> tf.reverse(x, tf.array(1))),
        op("Slice", (tf, x) -> tf.slice(x, tf.array(0, 0, 0, 0), tf.array(1, 1, 1, 1))),
        op(
            "SpaceToBatchND",
            (tf, x) -> tf.spaceToBatchNd(x, tf.array(2), tf.constant(new int[1][2]))),
        op("SpaceToDepth", (tf, x) -> tf.nn.spaceToDepth(x, 2L)),
        op("Split", (tf, x) -> tf.split(tf.constant(1), x, 2L).output().get(1)),
        op("Squeeze", (tf, x) -> tf.squeeze(tf.expandDims(x, tf.constant(0)))),
        op("StopGradient", (tf, x) -> tf.stopGradient(x)),
        op(
            "StridedSlice",
            (tf, x) ->
                tf.stridedSlice(
                    x, tf.array(0, 0, 0, 0), tf.array(1, 4, 4, 1), tf.array(1, 2, 2, 1))),
        op("Tile", (tf, x) -> tf.tile(x, tf.array(2, 1, 1, 1))),
        op("Transpose", (tf, x) -> tf.linalg.transpose(x, tf.array(0, 3, 1, 2))),
        op("Unpack", (tf, x) -> tf.unstack(x, 2L).output().get(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keepers")
  void anOpThatKeepsTheGrid(String type, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op) {
    assertThat(fracOf(op.apply(tf, FakeQuant.of(tf, image, FORMAT)))).hasValue(-5);
  }

  static Stream<Arguments> losers() {
    return Stream.of(
        op("Add", (tf, x) -> tf.math.add(x, x)),
        op("AvgPool", (tf, x) -> tf.nn.avgPool(x, ONES, ONES, "SAME")),
        op(
            "ConcatV2 of two grids",
            (tf, x) ->
                tf.concat(
                    List.of(x, FakeQuant.of(tf, x, FixedPoint.signed(8, -4))), tf.constant(3))),
        op(
            "ConcatV2 with what is not quantized",
            (tf, x) -> tf.concat(List.of(x, tf.math.tanh(x)), tf.constant(3))),
        op(
            "Maximum of two grids",
            (tf, x) -> tf.math.maximum(x, FakeQuant.of(tf, x, FixedPoint.signed(8, -4)))),
        op("Mean", (tf, x) -> tf.math.mean(x, tf.array(1, 2))),
        op("Mul", (tf, x) -> tf.math.mul(x, tf.constant(0.5f))),
        op(
            "Mul by random numbers",
            (tf, x) ->
                tf.math.mul(x, tf.random.randomUniform(tf.array(2, 4, 4, 3), TFloat32.class))),
        op(
            "Mul by a mask of data",
            (tf, x) ->
                tf.math.mul(
                    x, tf.dtypes.cast(tf.math.greater(x, tf.constant(0.25f)), TFloat32.class))),
        op(
            "a mask that makes more of it",
            (tf, x) ->
                tf.math.mul(
                    tf.slice(x, tf.array(0, 0, 0, 0), tf.array(1, 4, 4, 3)), mask(tf, x, 0.3f))),
        op(
            "a choice between two tensors",
            (tf, x) ->
                tf.select(
                    tf.placeholderWithDefault(tf.constant(true), Shape.scalar()),
                    x,
                    tf.nn.relu(x))),
        op("PadV2 off the grid", (tf, x) -> tf.pad(x, paddings(tf), tf.constant(0.21f))),
        op(
            "Relu6 on a grid without 6",
            (tf, x) -> tf.nn.relu6(FakeQuant.of(tf, x, FixedPoint.signed(8, 2)))),
        op("Sigmoid", (tf, x) -> tf.math.sigmoid(x)));
  }

  private static Operand<TFloat32> mask(Ops tf, Operand<TFloat32> x, float rate) {
    return tf.dtypes.cast(
        tf.math.greaterEqual(
            tf.random.randomUniform(tf.shape(x), TFloat32.class), tf.constant(rate)),
        TFloat32.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losers")
  void anOpThatDoesNot(String type, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op) {
    assertThat(fracOf(op.apply(tf, FakeQuant.of(tf, image, FORMAT)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void bothFormsOfAFakeQuant(GradientForm form) {
    Operand<TFloat32> rounded =
        PerTensorFakeQuant.add(
            tf.scope(), "fakeQuant", image.asOutput(), FixedPoint.unsigned(8, -6), form);

    assertThat(fracOf(rounded)).hasValue(-6);
  }

  @Test
  void somebodyElsesFakeQuant() {
    assertThat(
            fracOf(
                tf.quantization.fakeQuantWithMinMaxVars(image, tf.constant(-1f), tf.constant(1f))))
        .isEmpty();
  }

  @Test
  void aChainOfManyOps() {
    GridWalk walk = new GridWalk();
    Operand<TFloat32> x = FakeQuant.of(tf, image, FORMAT);
    for (int i = 0; i < 3_000; i++) {
      x = tf.identity(x);
    }

    assertThat(walk.fracOf(x.asOutput())).hasValue(-5);
    assertThat(walk.fracOf(tf.identity(x).asOutput())).hasValue(-5);
  }

  @Test
  void concatenationsOfConcatenationsAreWalkedOnce() {
    GridWalk walk = new GridWalk();
    Operand<TFloat32> x = FakeQuant.of(tf, image, FORMAT);
    for (int i = 0; i < 64; i++) {
      // 2^64 paths lead back.
      x =
          tf.slice(
              tf.concat(List.of(x, x), tf.constant(3)), tf.array(0, 0, 0, 0), tf.array(2, 4, 4, 3));
    }

    assertThat(walk.fracOf(x.asOutput())).hasValue(-5);
  }

  private static Operand<org.tensorflow.types.TInt32> paddings(Ops tf) {
    return tf.constant(new int[][] {{0, 0}, {1, 1}, {1, 1}, {0, 0}});
  }

  private static Optional<Integer> fracOf(Operand<TFloat32> tensor) {
    return new GridWalk().fracOf(tensor.asOutput());
  }
}
