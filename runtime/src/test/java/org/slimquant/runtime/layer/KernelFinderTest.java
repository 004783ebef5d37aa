package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.GraphWithLayers;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The tensor that is the kernel of a layer. */
final class KernelFinderTest extends GraphWithLayers {

  /** An op with weights: its input, its kernel and the product of both. */
  private static Arguments op(
      String type,
      Shape input,
      Shape kernel,
      TriFunction<Ops, Operand<TFloat32>, Operand<TFloat32>, Operand<TFloat32>> op) {
    return Arguments.of(type, input, kernel, op);
  }

  @FunctionalInterface
  interface TriFunction<A, B, C, R> {
    R apply(A a, B b, C c);
  }

  static Stream<Arguments> kernelOps() {
    return Stream.of(
        op(
            "Conv",
            Shape.of(1, 4, 4, 2),
            Shape.of(3, 3, 2, 5),
            (tf, x, k) -> tf.nn.conv(x, k, STRIDES, "SAME")),
        op(
            "Conv2D",
            Shape.of(1, 4, 4, 2),
            Shape.of(3, 3, 2, 5),
            (tf, x, k) -> tf.nn.conv2d(x, k, STRIDES, "SAME")),
        op(
            "DepthwiseConv2dNative",
            Shape.of(1, 4, 4, 2),
            Shape.of(3, 3, 2, 1),
            (tf, x, k) -> tf.nn.depthwiseConv2dNative(x, k, STRIDES, "SAME")),
        op(
            "Conv2DBackpropInput",
            Shape.of(1, 4, 4, 5),
            Shape.of(3, 3, 2, 5),
            (tf, x, k) -> tf.nn.conv2dBackpropInput(tf.array(1, 4, 4, 2), k, x, STRIDES, "SAME")),
        op(
            "Conv3D",
            Shape.of(1, 4, 4, 4, 2),
            Shape.of(3, 3, 3, 2, 5),
            (tf, x, k) -> tf.nn.conv3d(x, k, List.of(1L, 1L, 1L, 1L, 1L), "SAME")),
        op(
            "Conv3DBackpropInputV2",
            Shape.of(1, 4, 4, 4, 5),
            Shape.of(3, 3, 3, 2, 5),
            (tf, x, k) ->
                tf.nn.conv3dBackpropInput(
                    tf.array(1, 4, 4, 4, 2), k, x, List.of(1L, 1L, 1L, 1L, 1L), "SAME")),
        op("MatMul", Shape.of(3, 4), Shape.of(4, 5), (tf, x, k) -> tf.linalg.matMul(x, k)),
        op(
            "MatMul",
            Shape.of(4, 3),
            Shape.of(5, 4),
            (tf, x, k) -> tf.linalg.matMul(k, x, MatMul.transposeA(false))),
        op(
            "BatchMatMulV3",
            Shape.of(2, 3, 4),
            Shape.of(2, 4, 5),
            (tf, x, k) -> tf.train.batchMatMul(x, k, TFloat32.class)),
        op(
            "Einsum",
            Shape.of(3, 4),
            Shape.of(4, 5),
            (tf, x, k) -> tf.linalg.einsum(List.of(x, k), "ij,jk->ik")));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("kernelOps")
  void everyOpWithWeights(
      String type,
      Shape inputShape,
      Shape kernelShape,
      TriFunction<Ops, Operand<TFloat32>, Operand<TFloat32>, Operand<TFloat32>> op) {
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(inputShape));
    Variable<TFloat32> kernel = tf.withName("kernel").variable(kernelShape, TFloat32.class);

    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.withKernel("layer", KERNEL, OUTPUT),
            () -> op.apply(tf, quantizer.input(x), kernel));

    assertThat(Tensors.lines(graph).stream().filter(line -> line.startsWith(type + " ")).toList())
        .hasSize(1);
    assertThat(
            Tensors.lines(graph).stream()
                .filter(line -> line.startsWith(type + " "))
                .toList()
                .get(0))
        .contains("layer/SlimQuant/kernel");
    assertThat(siteNames())
        .containsExactly("layer/SlimQuant/kernel", "layer/SlimQuant/output")
        .inOrder();
    assertThat(y.shape())
        .isEqualTo(graph.outputOrThrow(quantizer.plan().sites().get(1).tensor()).shape());
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void layerWithoutKernel() {
    Placeholder<TFloat32> a = image();
    Placeholder<TFloat32> b = image();

    layer(
        quantizer,
        QuantizedLayer.of("sum", KERNEL, OUTPUT),
        () -> tf.math.add(quantizer.input(a), quantizer.input(b)));

    assertThat(siteNames()).containsExactly("sum/SlimQuant/output");
  }

  @Test
  void productOfTwoActivationsHasNoKernel() {
    Placeholder<TFloat32> a = matrix();
    Placeholder<TFloat32> b = matrix();

    layer(
        quantizer,
        QuantizedLayer.of("attention", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(a), quantizer.input(b)));

    assertThat(siteNames()).containsExactly("attention/SlimQuant/output");
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark(
                "attention/SlimQuant/kernel",
                "no kernel is quantized, because MatMul (MatMul) reads none that is computed from"
                    + " variables and constants alone"));
  }

  @Test
  void aKernelThatIsFedIsRemarked() {
    Placeholder<TFloat32> kernel =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(3, 3, 1, 4)));
    layer(
        quantizer,
        QuantizedLayer.of("conv", KERNEL, OUTPUT),
        () ->
            tf.nn.conv2d(
                quantizer.input(image()),
                tf.math.mul(kernel, kernel(3, 3, 1, 4)),
                List.of(1L, 1L, 1L, 1L),
                "SAME"));

    assertThat(siteNames()).containsExactly("conv/SlimQuant/output");
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark(
                "conv/SlimQuant/kernel",
                "no kernel is quantized, because Conv2d (Conv2D) reads none that is computed from"
                    + " variables and constants alone"));
  }

  @Test
  void aProductOfIntegersHasNoKernel() {
    Placeholder<TInt32> index = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1, 2)));
    layer(
        quantizer,
        QuantizedLayer.of("flat", KERNEL, OUTPUT),
        () ->
            tf.reshape(
                matrix(),
                tf.reshape(tf.linalg.matMul(index, tf.constant(new int[2][1])), tf.array(1))));

    assertThat(siteNames()).containsExactly("flat/SlimQuant/output");
    assertThat(quantizer.plan().remarks()).isEmpty();
  }

  @Test
  void aKernelThatIsComputedFromWeightsIsQuantizedWhereTheOpReadsIt() {
    Variable<TFloat32> u = kernel(4, 2);
    Variable<TFloat32> v = tf.withName("v").variable(Shape.of(2, 4), TFloat32.class);
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.of("lowRank", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), tf.withName("product").linalg.matMul(u, v)));

    assertThat(quantizer.plan().sites().get(0))
        .isEqualTo(site("lowRank/SlimQuant/kernel", Kind.KERNEL, "product:0", KERNEL));
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "MatMul product <- [kernel, v]", "MatMul MatMul <- [x, lowRank/SlimQuant/kernel]");
  }

  @Test
  void aModelThatIsFedAConstant() {
    Constant<TFloat32> x = tf.withName("x").constant(new float[4][4]);
    Variable<TFloat32> kernel1 = kernel(4, 4);
    Variable<TFloat32> kernel2 = tf.withName("kernel2").variable(Shape.of(4, 4), TFloat32.class);

    Operand<TFloat32> hidden =
        layer(
            quantizer,
            QuantizedLayer.of("dense1", KERNEL, OUTPUT),
            () -> tf.linalg.matMul(tf.identity(quantizer.input(x)), kernel1));
    layer(
        quantizer,
        QuantizedLayer.of("dense2", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(hidden, kernel2));

    assertThat(quantizer.plan().sites().stream().map(Site::tensor))
        .containsExactly("kernel:0", "MatMul:0", "kernel2:0", "MatMul_1:0")
        .inOrder();
  }

  @Test
  void aKernelMayBeAParameter() {
    Placeholder<TFloat32> x = matrix();
    Variable<TFloat32> kernel = kernel(4, 4);
    layer(
        quantizer,
        QuantizedLayer.withKernel("dense", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), quantizer.input(kernel)));

    assertThat(siteNames())
        .containsExactly("dense/SlimQuant/kernel", "dense/SlimQuant/output")
        .inOrder();
  }

  @Test
  void aPlaceholderWithDefaultIsNoWeight() {
    Operand<TFloat32> x = tf.placeholderWithDefault(tf.constant(new float[4][4]), Shape.of(4, 4));
    Variable<TFloat32> kernel = kernel(4, 4);
    layer(
        quantizer,
        QuantizedLayer.withKernel("dense", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(x, kernel));

    assertThat(quantizer.plan().sites().get(0).tensor()).isEqualTo("kernel:0");
  }
}
