package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Remark;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The graph before and after a layer is quantized. */
final class GraphQuantizerTest {

  private static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @Test
  void convolution() {
    Placeholder<TFloat32> x = image();
    Variable<TFloat32> kernel = kernel(3, 3, 1, 4);
    Variable<TFloat32> bias = tf.withName("bias").variable(Shape.of(4), TFloat32.class);

    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("conv1", KERNEL, OUTPUT),
            () ->
                tf.nn.relu(
                    tf.nn.biasAdd(
                        tf.nn.conv2d(
                            quantizer.input(new QuantizedInput("images", KERNEL), x),
                            kernel,
                            STRIDES,
                            "SAME"),
                        bias)));

    assertThat(y.op().name()).isEqualTo("conv1/SlimQuant/output");
    assertThat(Tensors.lines(graph))
        .containsExactly(
            "Placeholder x <- []",
            "VariableV2 kernel <- []",
            "VariableV2 bias <- []",
            "Const SlimQuant/int8_frac-7/min <- []",
            "Const SlimQuant/int8_frac-7/max <- []",
            "FakeQuantWithMinMaxVars conv1/SlimQuant/images <- [x, SlimQuant/int8_frac-7/min,"
                + " SlimQuant/int8_frac-7/max]",
            "Conv2D Conv2d <- [conv1/SlimQuant/images, conv1/SlimQuant/kernel]",
            "BiasAdd BiasAdd <- [Conv2d, conv1/SlimQuant/bias]",
            "Relu Relu <- [BiasAdd]",
            "FakeQuantWithMinMaxVars conv1/SlimQuant/kernel <- [kernel,"
                + " SlimQuant/int8_frac-7/min, SlimQuant/int8_frac-7/max]",
            "Const SlimQuant/int32/min <- []",
            "Const SlimQuant/int32/max <- []",
            "Const SlimQuant/int32_frac-14/inverse <- []",
            "Mul conv1/SlimQuant/bias/steps <- [bias, SlimQuant/int32_frac-14/inverse]",
            "ClipByValue conv1/SlimQuant/bias/clip <- [conv1/SlimQuant/bias/steps,"
                + " SlimQuant/int32/min, SlimQuant/int32/max]",
            "Const SlimQuant/int32/half <- []",
            "Const SlimQuant/int32/minusTwo <- []",
            "FloorDiv conv1/SlimQuant/bias/halfSteps <- [conv1/SlimQuant/bias/clip,"
                + " SlimQuant/int32/half]",
            "FloorDiv conv1/SlimQuant/bias/minusCodes <- [conv1/SlimQuant/bias/halfSteps,"
                + " SlimQuant/int32/minusTwo]",
            "AddV2 conv1/SlimQuant/bias/rest <- [conv1/SlimQuant/bias/clip,"
                + " conv1/SlimQuant/bias/minusCodes]",
            "StopGradient conv1/SlimQuant/bias/stop <- [conv1/SlimQuant/bias/rest]",
            "Sub conv1/SlimQuant/bias/codes <- [conv1/SlimQuant/bias/clip,"
                + " conv1/SlimQuant/bias/stop]",
            "Const SlimQuant/int32_frac-14/step <- []",
            "Mul conv1/SlimQuant/bias <- [conv1/SlimQuant/bias/codes,"
                + " SlimQuant/int32_frac-14/step]",
            "Const SlimQuant/int8_frac-5/min <- []",
            "Const SlimQuant/int8_frac-5/max <- []",
            "FakeQuantWithMinMaxVars conv1/SlimQuant/output <- [Relu, SlimQuant/int8_frac-5/min,"
                + " SlimQuant/int8_frac-5/max]")
        .inOrder();
    assertThat(quantizer.plan().sites())
        .containsExactly(
            site("conv1/SlimQuant/images", Kind.INPUT, "x:0", KERNEL),
            site("conv1/SlimQuant/kernel", Kind.KERNEL, "kernel:0", KERNEL),
            new Site(
                "conv1/SlimQuant/bias",
                Kind.BIAS,
                "bias:0",
                new BiasFormat(List.of(-14)),
                new Source.Derived(),
                Optional.empty()),
            site("conv1/SlimQuant/output", Kind.OUTPUT, "Relu:0", OUTPUT))
        .inOrder();
    assertThat(quantizer.plan().toString())
        .isEqualTo(
            """
            site                    kind    tensor    format         range                    source
            conv1/SlimQuant/images  input   x:0       int8 * 2^-7    -0.9921875 .. 0.9921875  annotation
            conv1/SlimQuant/kernel  kernel  kernel:0  int8 * 2^-7    -0.9921875 .. 0.9921875  annotation
            conv1/SlimQuant/bias    bias    bias:0    int32 * 2^-14                           derived
            conv1/SlimQuant/output  output  Relu:0    int8 * 2^-5    -3.96875 .. 3.96875      annotation""");
    assertThat(quantizer.verify()).isEmpty();
  }

  /** An op with weights: its input, its kernel and how they meet. */
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
                "no kernel is quantized, because MatMul (MatMul) reads only what is fed or computed"
                    + " from it"));
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
                "no kernel is quantized, because Conv2d (Conv2D) reads only what is fed or computed"
                    + " from it"));
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
  void theSecondCallOfALayerSharesItsKernel() {
    Variable<TFloat32> kernel = kernel(4, 4);
    dense("dense", dense("dense", matrix(), kernel), kernel);

    assertThat(siteNames())
        .containsExactly(
            "dense/SlimQuant/kernel", "dense/SlimQuant/output", "dense_1/SlimQuant/output")
        .inOrder();
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "MatMul MatMul <- [x, dense/SlimQuant/kernel]",
            "MatMul MatMul_1 <- [dense/SlimQuant/output, dense/SlimQuant/kernel]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aSecondLayerMayHaveTheNameThatASecondCallWouldGet() {
    Placeholder<TFloat32> x = matrix();
    for (String name : List.of("dense", "dense_1", "dense")) {
      layer(
          quantizer,
          QuantizedLayer.of(name, KERNEL, OUTPUT),
          () -> tf.nn.relu(tf.math.mul(x, tf.constant(2f))));
    }

    assertThat(siteNames())
        .containsExactly(
            "dense/SlimQuant/output", "dense_1/SlimQuant/output", "dense_2/SlimQuant/output")
        .inOrder();
  }

  @Test
  void twoLayersShareAKernel() {
    Variable<TFloat32> kernel = kernel(4, 4);
    Placeholder<TFloat32> x = matrix();
    dense("encode", x, kernel);
    dense("decode", x, kernel);

    assertThat(siteNames())
        .containsExactly(
            "encode/SlimQuant/kernel", "encode/SlimQuant/output", "decode/SlimQuant/output")
        .inOrder();
    assertThat(quantizer.plan().remarks())
        .containsExactly(new Remark("decode/SlimQuant/kernel", "is encode/SlimQuant/kernel"));
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aLayerOfLayersHasItsOwnOutputOnly() {
    Variable<TFloat32> kernel1 = kernel(4, 4);
    Variable<TFloat32> kernel2 = kernel(4, 4);
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.of("block", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> first = dense("dense1", x, kernel1);
          Operand<TFloat32> second = dense("dense2", first, kernel2);
          return tf.math.add(first, second);
        });

    assertThat(siteNames())
        .containsExactly(
            "dense1/SlimQuant/kernel",
            "dense1/SlimQuant/output",
            "dense2/SlimQuant/kernel",
            "dense2/SlimQuant/output",
            "block/SlimQuant/output")
        .inOrder();
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void opsThatReadTheOutputWithinTheLayerReadItQuantized() {
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.of("square", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> y = tf.math.square(quantizer.input(x));
          tf.withName("summary").identity(y);
          return y;
        });

    assertThat(Tensors.lines(graph)).contains("Identity summary <- [square/SlimQuant/output]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aStateThatTheLayerWritesHoldsTheQuantizedOutput() {
    Placeholder<TFloat32> x = matrix();
    Variable<TFloat32> state = tf.withName("state").variable(Shape.of(4, 4), TFloat32.class);
    layer(
        quantizer,
        QuantizedLayer.of("cell", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> y = tf.math.tanh(quantizer.input(x));
          tf.withName("store").assign(state, y);
          tf.withName("spread").scatterNd(tf.constant(new int[4][1]), y, tf.array(4, 4));
          return y;
        });

    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "Assign store <- [state, cell/SlimQuant/output]",
            "ScatterNd spread <- [Const, cell/SlimQuant/output, Const_1]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void initialAssignmentAndSaveKeepTheVariable() {
    Variable<TFloat32> kernel =
        tf.withName("kernel").variable(tf.withName("initial").constant(new float[4][4]));
    Placeholder<TFloat32> x = matrix();
    tf.train.save(
        tf.constant("prefix"), tf.array("kernel"), tf.array(""), List.<Operand<?>>of(kernel));
    layer(
        quantizer,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), kernel));

    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "Assign kernel_1 <- [kernel, initial]",
            "SaveV2 Save <- [Const, Const_1, Const_2, kernel]",
            "MatMul MatMul <- [x, dense/SlimQuant/kernel]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void resourceVariable() {
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.withKernel("dense", KERNEL, OUTPUT),
        () ->
            tf.linalg.matMul(
                quantizer.input(x),
                tf.withName("read").readVariableOp(resource(handle), TFloat32.class)));

    assertThat(quantizer.plan().sites().get(0))
        .isEqualTo(site("dense/SlimQuant/kernel", Kind.KERNEL, "read:0", KERNEL));
  }

  @Test
  void aResourceVariableThatTwoLayersRead() {
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    Placeholder<TFloat32> x = matrix();
    dense("encode", x, tf.withName("first").readVariableOp(resource(handle), TFloat32.class));
    dense("decode", x, tf.withName("second").readVariableOp(resource(handle), TFloat32.class));

    assertThat(quantizer.plan().sites())
        .containsAtLeast(
            site("encode/SlimQuant/kernel", Kind.KERNEL, "first:0", KERNEL),
            site("decode/SlimQuant/kernel", Kind.KERNEL, "second:0", KERNEL));
    assertThat(quantizer.verify()).isEmpty();

    FixedPoint other = FixedPoint.signed(8, -3);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                layer(
                    quantizer,
                    QuantizedLayer.of("third", other, OUTPUT),
                    () ->
                        tf.linalg.matMul(
                            quantizer.input(x),
                            tf.readVariableOp(resource(handle), TFloat32.class))));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but first:0 is int8 * 2^-7 in encode/SlimQuant/kernel"
                + " and int8 * 2^-3 in third/SlimQuant/kernel; give both the same");
  }

  @Test
  void aResourceVariableWithTwoFormatsInThePlan() {
    QuantizationPlan plan =
        new QuantizationPlan(
            List.of(
                site("encode/SlimQuant/kernel", Kind.KERNEL, "first:0", KERNEL),
                site("decode/SlimQuant/kernel", Kind.KERNEL, "second:0", FixedPoint.signed(8, -3))),
            List.of());
    GraphQuantizer planned = GraphQuantizer.fakeQuant(graph, plan);
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    Placeholder<TFloat32> x = matrix();
    planned(planned, "encode", x, handle);

    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> planned(planned, "decode", x, handle));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but ReadVariableOp_1:0 is int8 * 2^-7 in"
                + " encode/SlimQuant/kernel and int8 * 2^-3 in decode/SlimQuant/kernel; give both"
                + " the same");
  }

  private void planned(
      GraphQuantizer planned, String name, Operand<TFloat32> x, Operand<?> handle) {
    layer(
        planned,
        QuantizedLayer.of(name, Calibrated.signed(8), OUTPUT),
        () ->
            tf.linalg.matMul(
                planned.input(x), tf.readVariableOp(resource(handle), TFloat32.class)));
  }

  // The op's type is known by its name only.
  @SuppressWarnings("unchecked")
  private static Operand<? extends org.tensorflow.types.family.TType> resource(Operand<?> handle) {
    return (Operand<? extends org.tensorflow.types.family.TType>) handle;
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

  @Test
  void anInputThatIsQuantizedAlreadyIsReused() {
    Placeholder<TFloat32> x = matrix();
    Operand<TFloat32> hidden =
        layer(
            quantizer,
            QuantizedLayer.of("first", KERNEL, OUTPUT),
            () -> tf.nn.relu(quantizer.input(new QuantizedInput("x", OUTPUT), x)));
    layer(
        quantizer,
        QuantizedLayer.of("second", KERNEL, OUTPUT),
        () -> tf.nn.relu(quantizer.input(new QuantizedInput("x", OUTPUT), hidden)));
    layer(
        quantizer,
        QuantizedLayer.of("third", KERNEL, OUTPUT),
        () -> tf.nn.relu(quantizer.input(new QuantizedInput("x", OUTPUT), x)));

    assertThat(siteNames())
        .containsExactly(
            "first/SlimQuant/x",
            "first/SlimQuant/output",
            "second/SlimQuant/output",
            "third/SlimQuant/output")
        .inOrder();
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark("second/SlimQuant/x", "is first/SlimQuant/output"),
            new Remark("third/SlimQuant/x", "is first/SlimQuant/x"))
        .inOrder();
  }

  @Test
  void parametersNamedLikeTheKernelAndTheOutput() {
    Placeholder<TFloat32> x = matrix();
    Variable<TFloat32> kernel = kernel(4, 4);
    layer(
        quantizer,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () ->
            tf.math.add(
                tf.linalg.matMul(quantizer.input(new QuantizedInput("kernel", KERNEL), x), kernel),
                quantizer.input(new QuantizedInput("output", KERNEL), matrix())));

    assertThat(siteNames())
        .containsExactly(
            "dense/SlimQuant/kernel",
            "dense/SlimQuant/output",
            "dense/SlimQuant/kernel_1",
            "dense/SlimQuant/output_1")
        .inOrder();
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void twoQuantizersInOneGraph() {
    dense("dense", matrix(), kernel(4, 4));
    GraphQuantizer second = GraphQuantizer.fakeQuant(graph);
    layer(
        second,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(matrix(), kernel(4, 4)));

    assertThat(second.plan().sites().stream().map(Site::name))
        .containsExactly("dense/SlimQuant/kernel_1", "dense/SlimQuant/output_1");
    assertThat(quantizer.verify()).isEmpty();
    assertThat(second.verify()).isEmpty();
  }

  @Test
  void aLayerThatReturnsItsInput() {
    Placeholder<TFloat32> x = matrix();
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("same", OUTPUT, OUTPUT),
            () -> quantizer.input(new QuantizedInput("x", OUTPUT), x));

    assertThat(y.op().name()).isEqualTo("same/SlimQuant/x");
    assertThat(siteNames()).containsExactly("same/SlimQuant/x");
  }

  @Test
  void operandsThatAreNotQuantizedPassUnchanged() {
    Placeholder<TFloat32> x = matrix();
    List<Operand<TFloat32>> list = List.of(x);
    Operand<?>[] array = {x, null};
    layer(
        quantizer,
        QuantizedLayer.of("layer", KERNEL, OUTPUT),
        () -> {
          assertThat(quantizer.<Placeholder<TFloat32>>input(x)).isSameInstanceAs(x);
          assertThat(quantizer.inputs(list)).isSameInstanceAs(list);
          assertThat(quantizer.inputs(array)).isSameInstanceAs(array);
          return tf.nn.relu(x);
        });

    assertThat(siteNames()).containsExactly("layer/SlimQuant/output");
  }

  @Test
  void thePlanIsASnapshot() {
    QuantizationPlan before = quantizer.plan();
    Placeholder<TFloat32> x = matrix();
    layer(quantizer, QuantizedLayer.of("layer", KERNEL, OUTPUT), () -> tf.nn.relu(x));

    assertThat(before.sites()).isEmpty();
    assertThat(quantizer.plan().sites()).hasSize(1);
  }

  private Operand<TFloat32> dense(String name, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return layer(
        quantizer,
        QuantizedLayer.of(name, KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), kernel));
  }

  private static Site site(String name, Kind kind, String tensor, Format format) {
    return new Site(name, kind, tensor, format, new Source.Annotation(), Optional.empty());
  }

  private List<String> siteNames() {
    return quantizer.plan().sites().stream().map(Site::name).toList();
  }

  private Placeholder<TFloat32> image() {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
  }

  private Placeholder<TFloat32> matrix() {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4, 4)));
  }

  private Variable<TFloat32> kernel(long... shape) {
    return tf.withName("kernel").variable(Shape.of(shape), TFloat32.class);
  }
}
