package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.runtime.FakeQuant.Form;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Remark;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.BiasAdd;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/** Which biases are put on which grids, and which are not. */
final class BiasesTest {

  private static final FixedPoint INPUT = FixedPoint.signed(8, -7);
  private static final FixedPoint KERNEL = FixedPoint.signed(8, -8);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  /** What a layer computes from its input, its kernel and its bias. */
  @FunctionalInterface
  interface Layer {
    Operand<TFloat32> build(
        Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias);
  }

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
            "MatMul and Add",
            matrix,
            kernel,
            Shape.of(5),
            "Add sum <- [product, dense/SlimQuant/bias]",
            (tf, x, k, b) -> sum(tf).math.add(product(tf).linalg.matMul(x, k), b)),
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
            "after a product",
            Shape.of(5),
            (Layer)
                (tf, x, k, b) ->
                    tf.math.add(tf.math.mul(tf.linalg.matMul(x, k), tf.constant(3f)), b)),
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

  @Test
  void twoLayersShareABiasAndItsGrid() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    twoLayers(bias, KERNEL);

    assertThat(biasSites()).containsExactly("dense/SlimQuant/bias");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void twoLayersShareABiasAndHaveTheirOwnGrids() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    twoLayers(bias, FixedPoint.signed(8, -4));

    assertThat(biasSites())
        .containsExactly("dense/SlimQuant/bias", "dense_1/SlimQuant/bias")
        .inOrder();
    assertThat(biasFormats())
        .containsExactly(new BiasFormat(List.of(-15)), new BiasFormat(List.of(-11)))
        .inOrder();
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "BiasAdd sum <- [product, dense/SlimQuant/bias]",
            "BiasAdd sum_1 <- [product_1, dense_1/SlimQuant/bias]");
    assertThat(quantizer.verify()).isEmpty();
  }

  private void twoLayers(Operand<TFloat32> bias, FixedPoint secondKernel) {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    build(DENSE, KERNEL, x, variable("kernel1", Shape.of(4, 5)), bias);
    build(DENSE, secondKernel, x, variable("kernel2", Shape.of(4, 5)), bias);
  }

  @Test
  void twoBiasesOfOneLayer() {
    Operand<TFloat32> second = variable("second", Shape.of(5));
    build(
        (tf, x, k, b) -> tf.math.add(DENSE.build(tf, x, k, b), second),
        KERNEL,
        x(Shape.of(3, 4)),
        variable("kernel", Shape.of(4, 5)),
        variable("bias", Shape.of(5)));

    assertThat(biasSites()).containsExactly("dense/SlimQuant/bias", "dense/SlimQuant/bias_1");
  }

  @Test
  void onlyTheEdgeOfTheSumIsRerouted() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    tf.withName("penalty").nn.l2Loss(bias);
    build(DENSE, KERNEL, x(Shape.of(3, 4)), variable("kernel", Shape.of(4, 5)), bias);

    assertThat(Tensors.lines(graph)).contains("L2Loss penalty <- [bias]");
    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense/SlimQuant/bias", "bias:0", "penalty", 0));
  }

  @Test
  void aDroppedFakeQuantIsNamed() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    build(DENSE, KERNEL, x(Shape.of(3, 4)), variable("kernel", Shape.of(4, 5)), bias);
    Edge sum = NativeGraph.readers(graph.outputOrThrow("dense/SlimQuant/bias:0")).get(0);

    NativeGraph.reroute(sum, bias.asOutput());

    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense/SlimQuant/bias", "bias:0", "sum", 1));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "backward")
  void theBackwardPassReadsKernelAndBiasRightly(@Nullable String prefix) {
    Variable<TFloat32> kernel = variable("kernel", Shape.of(4, 2));
    Variable<TFloat32> bias = variable("bias", Shape.of(2));
    Operand<TFloat32> y = build(DENSE, PerChannel.of(8, -7, -8), x(Shape.of(3, 4)), kernel, bias);
    graph.addGradients(
        prefix,
        new Output<?>[] {tf.nn.l2Loss(y).asOutput()},
        new Output<?>[] {kernel.asOutput(), bias.asOutput()},
        null);

    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aLayerAroundThatChangesTheInputAfterwardsIsReported() {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    layer(
        quantizer,
        QuantizedLayer.of("block", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> y = tf.nn.relu(quantizer.input(new QuantizedInput("x", INPUT), x));
          layer(
              quantizer,
              QuantizedLayer.of("inner", KERNEL, OUTPUT),
              () -> DENSE.build(tf, quantizer.input(y), kernel, bias));
          return y;
        });

    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark(
                "inner/SlimQuant/bias",
                "the layer's input had steps of 2^-7 when the layer was built, and now has steps"
                    + " of 2^-5"));
  }

  @Test
  void anErrorLeavesTheBiasAsItIs() {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));

    assertThrows(
        IllegalArgumentException.class,
        () ->
            layer(
                quantizer,
                QuantizedLayer.of("dense", KERNEL, PerChannel.of(8, -5)),
                () ->
                    DENSE.build(
                        tf, quantizer.input(new QuantizedInput("x", INPUT), x), kernel, bias)));

    assertThat(Tensors.lines(graph)).contains("BiasAdd sum <- [product, bias]");
    assertThat(quantizer.plan().sites().stream().map(Site::name))
        .containsExactly("dense/SlimQuant/x");
    assertThat(quantizer.plan().remarks()).isEmpty();
  }

  @Test
  void codesBeyond24BitsAreReported() {
    Variable<TFloat32> bias = variable("bias", Shape.of(3));
    build(DENSE, KERNEL, x(Shape.of(3, 4)), variable("kernel", Shape.of(4, 3)), bias);
    try (Session session = new Session(graph)) {
      session
          .runner()
          .addTarget(tf.assign(bias, tf.constant(new float[] {512, -512, 0})).op())
          .run();
      assertThat(quantizer.inspect(session)).isEmpty();

      session
          .runner()
          .addTarget(tf.assign(bias, tf.constant(new float[] {513, 512, -1e9f})).op())
          .run();
      assertThat(quantizer.inspect(session))
          .containsExactly(
              new Remark(
                  "dense/SlimQuant/bias",
                  "2 of 3 codes are beyond 24 bits: float32 does not add them exactly"));
    }
  }

  @Test
  void aGraphWithoutBiasesHasNothingToInspect() {
    try (Session session = new Session(graph)) {
      assertThat(quantizer.inspect(session)).isEmpty();
    }
  }

  @Test
  void theFormThatStopsGradients() {
    GraphQuantizer stopping = new GraphQuantizer(graph, Form.STOP_GRADIENT, QuantizationPlan.EMPTY);
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    layer(
        stopping,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> DENSE.build(tf, stopping.input(new QuantizedInput("x", INPUT), x), kernel, bias));

    assertThat(stopping.plan().sites().get(2))
        .isEqualTo(
            new Site(
                "dense/SlimQuant/bias",
                Kind.BIAS,
                "bias:0",
                new BiasFormat(List.of(-15)),
                new Source.Derived(),
                Optional.empty()));
  }

  private static final Layer DENSE =
      (tf, x, k, b) -> sum(tf).nn.biasAdd(product(tf).linalg.matMul(x, k), b);

  private Operand<TFloat32> build(
      Layer body,
      FormatRequest kernelFormat,
      Operand<TFloat32> x,
      Operand<TFloat32> kernel,
      Operand<TFloat32> bias) {
    return layer(
        quantizer,
        QuantizedLayer.of("dense", kernelFormat, OUTPUT),
        () -> body.build(tf, quantizer.input(new QuantizedInput("x", INPUT), x), kernel, bias));
  }

  private static Ops product(Ops tf) {
    return tf.withName("product");
  }

  private static Ops sum(Ops tf) {
    return tf.withName("sum");
  }

  private Placeholder<TFloat32> x(Shape shape) {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private Variable<TFloat32> variable(String name, Shape shape) {
    return tf.withName(name).variable(shape, TFloat32.class);
  }

  private Stream<Site> biasSiteStream() {
    return quantizer.plan().sites().stream().filter(site -> site.kind() == Kind.BIAS);
  }

  private List<String> biasSites() {
    return biasSiteStream().map(Site::name).toList();
  }

  private List<Format> biasFormats() {
    return biasSiteStream().map(Site::format).toList();
  }
}
