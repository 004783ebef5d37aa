package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.GraphWithBiases;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.BiasAdd;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/** Tensors that are biases of a layer, with their grids, and tensors that are not. */
final class BiasFinderTest extends GraphWithBiases {

  private static Arguments layerOf(
      String title, Shape input, Shape kernel, Shape bias, String line, Layer layer) {
    return Arguments.of(title, input, kernel, bias, line, layer);
  }

  static Stream<Arguments> biases() {
    Shape image = Shape.of(1, 4, 4, 2);
    Shape matrix = Shape.of(3, 4);
    Shape kernel = Shape.of(4, 5);
    return Stream.of(
        layerOf(
            "Conv2D and BiasAdd",
            image,
            Shape.of(3, 3, 2, 5),
            Shape.of(5),
            "BiasAdd sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) -> sum(tf).nn.biasAdd(product(tf).nn.conv2d(x, k, ONES, "SAME"), b)),
        layerOf(
            "DepthwiseConv2dNative and AddV2",
            image,
            Shape.of(3, 3, 2, 2),
            Shape.of(4),
            "Add sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) ->
                sum(tf).math.add(product(tf).nn.depthwiseConv2dNative(x, k, ONES, "SAME"), b)),
        layerOf(
            "Conv2DBackpropInput and Add with the bias first",
            Shape.of(1, 4, 4, 5),
            Shape.of(3, 3, 2, 5),
            Shape.of(1, 1, 1, 2),
            "Add sum <- [dense/SlimQuant/bias, product]",
            (tf, x, k, b) ->
                sum(tf)
                    .math
                    .add(
                        b,
                        product(tf)
                            .nn
                            .conv2dBackpropInput(tf.array(1, 4, 4, 2), k, x, ONES, "SAME"))),
        layerOf(
            "Conv2D, Squeeze and BiasAdd",
            Shape.of(1, 1, 4, 2),
            Shape.of(1, 3, 2, 5),
            Shape.of(5),
            "BiasAdd sum <- [Squeeze, dense/SlimQuant/bias]",
            (tf, x, k, b) ->
                sum(tf).nn.biasAdd(tf.squeeze(product(tf).nn.conv2d(x, k, ONES, "SAME")), b)),
        layerOf(
            "SpaceToBatchND, Conv2D, BatchToSpaceND and BiasAdd",
            Shape.of(1, 4, 4, 2),
            Shape.of(2, 2, 2, 5),
            Shape.of(5),
            "BiasAdd sum <- [BatchToSpaceNd, dense/SlimQuant/bias]",
            (tf, x, k, b) ->
                sum(tf)
                    .nn
                    .biasAdd(
                        tf.batchToSpaceNd(
                            product(tf)
                                .nn
                                .conv2d(
                                    tf.spaceToBatchNd(
                                        x,
                                        tf.array(2, 2),
                                        tf.constant(new int[][] {{0, 2}, {0, 2}})),
                                    k,
                                    ONES,
                                    "VALID"),
                            tf.array(2, 2),
                            tf.constant(new int[][] {{0, 0}, {0, 0}})),
                        b)),
        layerOf(
            "MatMul and Add",
            matrix,
            kernel,
            Shape.of(5),
            "Add sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) -> sum(tf).math.add(product(tf).linalg.matMul(x, k), b)),
        layerOf(
            "MatMul and Sub",
            matrix,
            kernel,
            Shape.of(5),
            "Sub sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) -> sum(tf).math.sub(product(tf).linalg.matMul(x, k), b)),
        layerOf(
            "MatMul with the kernel transposed",
            matrix,
            Shape.of(5, 4),
            Shape.of(5),
            "BiasAdd sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) ->
                sum(tf).nn.biasAdd(product(tf).linalg.matMul(x, k, MatMul.transposeB(true)), b)),
        layerOf(
            "Einsum",
            matrix,
            kernel,
            Shape.of(5),
            "Add sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) ->
                sum(tf).math.add(product(tf).linalg.einsum(List.of(x, k), "ij,jk->ik"), b)),
        layerOf(
            "a bias that is computed",
            matrix,
            kernel,
            Shape.of(1, 5),
            "BiasAdd sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) ->
                sum(tf).nn.biasAdd(product(tf).linalg.matMul(x, k), tf.reshape(b, tf.array(5)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("biases")
  void aBiasOfOneGrid(
      String title, Shape input, Shape kernel, Shape bias, String line, Layer layer) {
    build(layer, KERNEL, x(input), variable("kernel", kernel), variable("bias", bias));

    assertThat(Tensors.lines(graph)).contains(line);
    assertThat(biasFormats()).containsExactly(new BiasFormat(List.of(-15)));
    assertThat(quantizer.plan().remarks()).isEmpty();
    assertThat(quantizer.verify()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("biases")
  void aBiasOfAGridForEachChannel(
      String title, Shape input, Shape kernel, Shape bias, String line, Layer layer) {
    List<Integer> fracs = Stream.iterate(-8, frac -> frac - 1).limit(bias.size()).toList();
    build(
        layer,
        new PerChannel(8, fracs),
        x(input),
        variable("kernel", kernel),
        variable("bias", bias));

    assertThat(Tensors.lines(graph)).contains(line);
    assertThat(biasFormats())
        .containsExactly(new BiasFormat(fracs.stream().map(frac -> frac - 7).toList()));
    assertThat(quantizer.plan().remarks()).isEmpty();
    assertThat(quantizer.verify()).isEmpty();
  }

  static Stream<Arguments> noBiases() {
    return Stream.of(
        Arguments.of(
            "a matrix",
            Shape.of(3, 5),
            (Layer) (tf, x, k, b) -> tf.math.add(tf.linalg.matMul(x, k), b)),
        Arguments.of(
            "an activation",
            Shape.of(5),
            (Layer)
                (tf, x, k, b) ->
                    tf.math.add(
                        tf.linalg.matMul(x, k),
                        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(5))))),
        Arguments.of(
            "before the kernel op",
            Shape.of(4),
            (Layer) (tf, x, k, b) -> tf.linalg.matMul(tf.nn.biasAdd(x, b), k)),
        Arguments.of(
            "after a square",
            Shape.of(5),
            (Layer) (tf, x, k, b) -> tf.math.add(tf.math.square(tf.linalg.matMul(x, k)), b)),
        Arguments.of(
            "after the activation",
            Shape.of(5),
            (Layer) (tf, x, k, b) -> tf.math.add(tf.nn.relu(tf.linalg.matMul(x, k)), b)),
        Arguments.of(
            "without a kernel op", Shape.of(4), (Layer) (tf, x, k, b) -> tf.nn.biasAdd(x, b)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noBiases")
  void noBias(String title, Shape bias, Layer layer) {
    build(
        layer,
        KERNEL,
        x(Shape.of(3, 4)),
        variable("kernel", Shape.of(4, 5)),
        variable("bias", bias));

    assertThat(biasFormats()).isEmpty();
    assertThat(quantizer.plan().remarks()).isEmpty();
  }

  @Test
  void anInputThatIsNotQuantized() {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    layer(
        quantizer,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> DENSE.build(tf, quantizer.input(x), kernel, bias));

    assertThat(Tensors.lines(graph)).contains("BiasAdd sum <- [product, bias]");
    assertThat(quantizer.plan().sites().stream().map(Site::name))
        .containsExactly("dense/SlimQuant/kernel", "dense/SlimQuant/output");
    assertThat(quantizer.plan().remarks())
        .containsExactly(new Remark("dense/SlimQuant/bias", "input is not quantized"));
  }

  @Test
  void aGridThatFloat32DoesNotHold() {
    build(
        DENSE,
        FixedPoint.signed(8, -120),
        x(Shape.of(3, 4)),
        variable("kernel", Shape.of(4, 5)),
        variable("bias", Shape.of(5)));

    assertThat(biasFormats()).isEmpty();
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark(
                "dense/SlimQuant/bias",
                "the accumulator's step 2^-127 is no step of a bias in float32"));
  }

  @Test
  void aBiasAcrossTheChannels() {
    build(
        (tf, x, k, b) -> tf.math.add(tf.linalg.matMul(k, x), b),
        PerChannel.of(8, -7, -8, -9, -10),
        x(Shape.of(3, 4)),
        variable("kernel", Shape.of(4, 3)),
        variable("bias", Shape.of(4)));

    assertThat(biasFormats()).isEmpty();
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark("dense/SlimQuant/bias", "bias does not lie along the kernel's channels"));
  }

  @Test
  void channelsFirst() {
    build(
        (tf, x, k, b) ->
            tf.nn.biasAdd(
                tf.nn.conv2d(x, k, ONES, "SAME", Conv2d.dataFormat("NCHW")),
                b,
                BiasAdd.dataFormat("NCHW")),
        PerChannel.of(8, -7, -8, -9),
        x(Shape.of(1, 2, 3, 3)),
        variable("kernel", Shape.of(3, 3, 2, 3)),
        variable("bias", Shape.of(3)));

    assertThat(biasFormats()).containsExactly(new BiasFormat(List.of(-14, -15, -16)));
  }

  @Test
  void channelsFirstWithASumAlongTheWidth() {
    build(
        (tf, x, k, b) ->
            tf.math.add(tf.nn.conv2d(x, k, ONES, "SAME", Conv2d.dataFormat("NCHW")), b),
        PerChannel.of(8, -7, -8, -9),
        x(Shape.of(1, 2, 3, 3)),
        variable("kernel", Shape.of(3, 3, 2, 3)),
        variable("bias", Shape.of(3)));

    assertThat(biasFormats()).isEmpty();
    assertThat(quantizer.plan().remarks()).hasSize(1);
  }
}
