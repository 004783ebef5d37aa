package org.slimquant.runtime.graph;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.PerChannel;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/** The axes of a kernel that count its output channels, op by op. */
final class ChannelsTest {

  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
  private static final List<Long> ONES_3D = List.of(1L, 1L, 1L, 1L, 1L);

  private static Arguments op(
      String title,
      Shape kernel,
      List<Integer> axes,
      Shape broadcast,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op) {
    return Arguments.of(title, kernel, axes, broadcast, op);
  }

  static Stream<Arguments> ops() {
    return Stream.of(
        op(
            "Conv2D",
            Shape.of(3, 3, 2, 5),
            List.of(3),
            Shape.of(1, 1, 1, 5),
            (tf, k) -> tf.nn.conv2d(data(tf, 1, 4, 4, 2), k, ONES, "SAME")),
        op(
            "Conv3D",
            Shape.of(3, 3, 3, 2, 5),
            List.of(4),
            Shape.of(1, 1, 1, 1, 5),
            (tf, k) -> tf.nn.conv3d(data(tf, 1, 4, 4, 4, 2), k, ONES_3D, "SAME")),
        op(
            "Conv",
            Shape.of(3, 3, 2, 5),
            List.of(3),
            Shape.of(1, 1, 1, 5),
            (tf, k) -> tf.nn.conv(data(tf, 1, 4, 4, 2), k, ONES, "SAME")),
        op(
            "DepthwiseConv2dNative",
            Shape.of(3, 3, 4, 2),
            List.of(2, 3),
            Shape.of(1, 1, 4, 2),
            (tf, k) -> tf.nn.depthwiseConv2dNative(data(tf, 1, 4, 4, 4), k, ONES, "SAME")),
        op(
            "Conv2DBackpropInput",
            Shape.of(3, 3, 2, 5),
            List.of(2),
            Shape.of(1, 1, 2, 1),
            (tf, k) ->
                tf.nn.conv2dBackpropInput(
                    tf.array(1, 4, 4, 2), k, data(tf, 1, 4, 4, 5), ONES, "SAME")),
        op(
            "Conv3DBackpropInputV2",
            Shape.of(3, 3, 3, 2, 5),
            List.of(3),
            Shape.of(1, 1, 1, 2, 1),
            (tf, k) ->
                tf.nn.conv3dBackpropInput(
                    tf.array(1, 4, 4, 4, 2), k, data(tf, 1, 4, 4, 4, 5), ONES_3D, "SAME")),
        op(
            "MatMul",
            Shape.of(4, 5),
            List.of(1),
            Shape.of(1, 5),
            (tf, k) -> tf.linalg.matMul(data(tf, 3, 4), k)),
        op(
            "MatMul with the kernel transposed",
            Shape.of(5, 4),
            List.of(0),
            Shape.of(5, 1),
            (tf, k) -> tf.linalg.matMul(data(tf, 3, 4), k, MatMul.transposeB(true))),
        op(
            "MatMul with the kernel first",
            Shape.of(5, 4),
            List.of(0),
            Shape.of(5, 1),
            (tf, k) -> tf.linalg.matMul(k, data(tf, 4, 3))),
        op(
            "MatMul with the kernel first and transposed",
            Shape.of(4, 5),
            List.of(1),
            Shape.of(1, 5),
            (tf, k) -> tf.linalg.matMul(k, data(tf, 4, 3), MatMul.transposeA(true))),
        op(
            "BatchMatMulV3",
            Shape.of(2, 4, 5),
            List.of(2),
            Shape.of(1, 1, 5),
            (tf, k) -> tf.train.batchMatMul(data(tf, 2, 3, 4), k, TFloat32.class)),
        op(
            "BatchMatMulV3 with the kernel transposed",
            Shape.of(2, 5, 4),
            List.of(1),
            Shape.of(1, 5, 1),
            (tf, k) ->
                tf.train.batchMatMul(data(tf, 2, 3, 4), k, TFloat32.class, BatchMatMul.adjY(true))),
        op(
            "BatchMatMulV3 with the kernel first",
            Shape.of(2, 5, 4),
            List.of(1),
            Shape.of(1, 5, 1),
            (tf, k) -> tf.train.batchMatMul(k, data(tf, 2, 4, 3), TFloat32.class)),
        op(
            "Einsum",
            Shape.of(4, 5),
            List.of(1),
            Shape.of(1, 5),
            (tf, k) -> tf.linalg.einsum(List.of(data(tf, 3, 4), k), "ij,jk->ik")),
        op(
            "Einsum with the kernel first",
            Shape.of(5, 4),
            List.of(0),
            Shape.of(5, 1),
            (tf, k) -> tf.linalg.einsum(List.of(k, data(tf, 2, 3, 4)), "kj,...j->...k")),
        op(
            "Einsum of a batch",
            Shape.of(2, 4, 5),
            List.of(2),
            Shape.of(1, 1, 5),
            (tf, k) -> tf.linalg.einsum(List.of(data(tf, 2, 3, 4), k), "bij,bjk->bik")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void everyOpWithWeights(
      String title,
      Shape kernelShape,
      List<Integer> axes,
      Shape broadcast,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);

      Channels channels = Channels.of(kernelOf(tf, kernelShape, op), title);

      assertThat(channels).isEqualTo(new Channels(kernelShape, axes));
      assertThat(channels.broadcastShape()).isEqualTo(broadcast);
      assertThat(channels.count())
          .isEqualTo(LongStream.of(broadcast.asArray()).reduce(1, (a, b) -> a * b));
      assertThat(IntStream.of(channels.otherAxes()).boxed().toList())
          .containsExactlyElementsIn(
              IntStream.range(0, kernelShape.numDimensions())
                  .filter(axis -> !axes.contains(axis))
                  .boxed()
                  .toList());
    }
  }

  @Test
  void anEinsumWithTwoLabelsForItsChannels() {
    assertFails(
        Shape.of(4, 2, 5),
        (tf, k) -> tf.linalg.einsum(List.of(data(tf, 3, 4), k), "ij,jhk->ihk"),
        "the kernel of layer heads must have one label for its output channels to be quantized per"
            + " channel, which the output has too and the data has not, but has h, k in"
            + " ij,jhk->ihk; take perChannel = true away");
  }

  @Test
  void anEinsumWithoutALabelForItsChannels() {
    assertFails(
        Shape.of(4),
        (tf, k) -> tf.linalg.einsum(List.of(data(tf, 3, 4), k), "ij,j->i"),
        "the kernel of layer heads must have one label for its output channels to be quantized per"
            + " channel, which the output has too and the data has not, but has none in ij,j->i;"
            + " take perChannel = true away");
  }

  @Test
  void anEinsumWhoseKernelHasAnyNumberOfAxes() {
    assertFails(
        Shape.of(2, 4, 5),
        (tf, k) -> tf.linalg.einsum(List.of(data(tf, 2, 3, 4), k), "...ij,...jk->...ik"),
        "the kernel of layer heads must have one label for its output channels to be quantized per"
            + " channel, which the output has too and the data has not, but has ... in"
            + " ...ij,...jk->...ik; take perChannel = true away");
  }

  @Test
  void aKernelWhoseShapeIsNotKnown() {
    assertFails(
        Shape.of(4, -1),
        (tf, k) -> tf.linalg.matMul(data(tf, 3, 4), k),
        "the kernel of layer heads must have a known shape to be quantized per channel, but kernel:0"
            + " has [4, -1]");
  }

  @Test
  void aFormatForAnotherNumberOfChannels() {
    Channels channels = new Channels(Shape.of(3, 3, 2, 5), List.of(3));

    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                channels.requireCount(
                    PerChannel.of(8, -7, -8), "conv1/SlimQuant/kernel", "calibrate again"));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "conv1/SlimQuant/kernel must have an exponent for each output channel, but has 2 for 5 channels of shape [3, 3, 2, 5]; calibrate again");
  }

  private static void assertFails(
      Shape kernelShape, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op, String message) {
    try (Graph graph = new Graph()) {
      Edge kernel = kernelOf(Ops.create(graph), kernelShape, op);

      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> Channels.of(kernel, "heads"));

      assertThat(thrown).hasMessageThat().isEqualTo(message);
    }
  }

  private static Edge kernelOf(
      Ops tf, Shape shape, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> op) {
    Operand<TFloat32> kernel =
        tf.withName("kernel").placeholder(TFloat32.class, Placeholder.shape(shape));
    GraphOperation operation = (GraphOperation) op.apply(tf, kernel).op();
    return IntStream.range(0, operation.numInputs())
        .mapToObj(i -> Edge.of(operation, i))
        .filter(edge -> edge.source().equals(kernel.asOutput()))
        .findFirst()
        .orElseThrow();
  }

  private static Operand<TFloat32> data(Ops tf, long... shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
  }
}
