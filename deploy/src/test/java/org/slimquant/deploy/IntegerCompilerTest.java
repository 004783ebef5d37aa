package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.deploy.Compilation.OutsideOp;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.GraphQuantizerForms;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.PerChannel;
import org.slimquant.runtime.QuantizationPlan;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.slimquant.runtime.SlimQuant;
import org.slimquant.runtime.Source;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Graphs as users build them: the model that comes out, and its codes against TensorFlow's. */
final class IntegerCompilerTest {

  private static final long SEED = 5;
  private static final FixedPoint INPUT = FixedPoint.signed(8, -6);
  private static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);
  private static final FixedPoint UNSIGNED = FixedPoint.unsigned(8, -5);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private static IntegerModel assertSame(QuantizedGraph graph, Operand<?> output) {
    IntegerModel model = graph.compile(output);
    assertSame(graph, model);
    return model;
  }

  private static void assertSame(QuantizedGraph graph, IntegerModel model) {
    CodeComparison comparison = compare(graph, model);
    assertWithMessage("differing codes, seed %s, %s of\n%s", SEED, comparison, model)
        .that(comparison.differing())
        .isEqualTo(0);
    assertThat(comparison.compared()).isAtLeast(1);
  }

  private static CodeComparison compare(QuantizedGraph graph, IntegerModel model) {
    return CodeComparison.of(
        graph.session(), graph.images, model, CodeComparison.batch(model.input(), 40, SEED));
  }

  private static Operand<TFloat32> convolution(
      QuantizedGraph graph, Operand<TFloat32> x, long channels, String padding) {
    long depth = x.asOutput().shape().get(3);
    return graph.tf.nn.biasAdd(
        graph.tf.nn.conv2d(x, graph.kernel(KERNEL, 0.3, 3, 3, depth, channels), ONES, padding),
        graph.bias(0.5, (int) channels));
  }

  private static Operand<TFloat32> pool(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.maxPool(x, graph.tf.array(1, 2, 2, 1), graph.tf.array(1, 2, 2, 1), "VALID");
  }

  private static Operand<TFloat32> dense(
      QuantizedGraph graph, String name, Operand<TFloat32> x, long channels) {
    return graph.layer(
        name,
        KERNEL,
        OUTPUT,
        () ->
            graph.tf.nn.biasAdd(
                graph.tf.linalg.matMul(
                    graph.input(x),
                    graph.kernel(KERNEL, 0.2, x.asOutput().shape().get(1), channels)),
                graph.bias(0.5, (int) channels)));
  }

  /** A convolution and a dense layer; the pool stands inside of the first or behind it. */
  private static Operand<TFloat32> network(QuantizedGraph graph, boolean poolInside) {
    Operand<TFloat32> conv =
        graph.layer(
            "conv1",
            KERNEL,
            UNSIGNED,
            () -> {
              Operand<TFloat32> features =
                  graph.tf.nn.relu(
                      convolution(graph, graph.input("images", INPUT, graph.images), 4, "SAME"));
              return poolInside ? pool(graph, features) : features;
            });
    Operand<TFloat32> features = poolInside ? conv : pool(graph, conv);
    return dense(graph, "dense1", graph.tf.reshape(features, graph.tf.array(-1, 64)), 10);
  }

  @Test
  void poolBehindALayer() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      assertThat(assertSame(graph, network(graph, false)).toString())
          .isEqualTo(
              """
              op       type     kernel                    shift  output                   shape      format        clamped to
                                                                 images                   [8, 8, 2]  int8 * 2^-6
              conv1    Conv2D   [3, 3, 2, 4] int8 * 2^-7  8      conv1/SlimQuant/output   [8, 8, 4]  uint8 * 2^-5
              MaxPool  MaxPool                                   MaxPool                  [4, 4, 4]  uint8 * 2^-5
              Reshape  Reshape                                   Reshape                  [64]       uint8 * 2^-5
              dense1   Dense    [64, 10] int8 * 2^-7      8      dense1/SlimQuant/output  [10]       int8 * 2^-4""");
    }
  }

  @Test
  void poolWithinALayer() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      assertThat(assertSame(graph, network(graph, true)).toString())
          .isEqualTo(
              """
              op       type     kernel                    shift  output                   shape      format        clamped to
                                                                 images                   [8, 8, 2]  int8 * 2^-6
              conv1    Conv2D   [3, 3, 2, 4] int8 * 2^-7  8      Relu                     [8, 8, 4]  uint8 * 2^-5
              MaxPool  MaxPool                                   conv1/SlimQuant/output   [4, 4, 4]  uint8 * 2^-5
              Reshape  Reshape                                   Reshape                  [64]       uint8 * 2^-5
              dense1   Dense    [64, 10] int8 * 2^-7      8      dense1/SlimQuant/output  [10]       int8 * 2^-4""");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fakeQuantsOfTheOtherForm(boolean poolInside) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2);
        QuantizedGraph composed =
            new QuantizedGraph(SEED, GraphQuantizerForms.stopGradient(), 8, 8, 2)) {
      assertThat(assertSame(composed, network(composed, poolInside)))
          .isEqualTo(graph.compile(network(graph, poolInside)));
    }
  }

  @Test
  void aChangedCodeIsSeen() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      IntegerModel model = graph.compile(network(graph, false));
      Conv2D layer = (Conv2D) model.layer("conv1");
      int[] bias = layer.bias().toArray();
      bias[1] += 3;
      Conv2D changed =
          new Conv2D(
              layer.name(),
              layer.input(),
              layer.kernel(),
              Codes.of(bias),
              layer.window(),
              layer.range(),
              layer.output());
      IntegerModel other =
          new IntegerModel(
              "other",
              model.input(),
              model.output(),
              model.ops().stream().map(op -> op.equals(layer) ? changed : op).toList());

      CodeComparison comparison = compare(graph, other);

      assertThat(comparison.differing()).isAtLeast(1);
      assertThat(comparison.tensors().get(0)).startsWith("conv1/SlimQuant/output");
    }
  }

  @Test
  void scoresStayOutside() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      Operand<?> classes =
          graph.tf.dtypes.cast(
              graph.tf.math.argMax(
                  graph.tf.nn.softmax(network(graph, false)), graph.tf.constant(1)),
              TInt32.class);

      Compilation compilation = graph.compilation(classes);

      assertThat(compilation.outside())
          .containsExactly(
              new OutsideOp("Softmax", "Softmax"),
              new OutsideOp("ArgMax", "ArgMax"),
              new OutsideOp("Cast", "Cast"))
          .inOrder();
      assertThat(compilation.model().output().name()).isEqualTo("dense1/SlimQuant/output");
      assertThat(compilation.toString())
          .endsWith("\nCast (Cast) is not in the model: it stays with the caller");
      assertSame(graph, compilation.model());
    }
  }

  @Test
  void imagesThatAreReshapedFirst() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 1)) {
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 16));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("pixels", INPUT, rows), graph.kernel(KERNEL, 0.3, 16, 3)));

      assertThat(assertSame(graph, y).toString())
          .isEqualTo(
              """
              op       type     kernel               shift  output                  shape      format       clamped to
                                                            images                  [4, 4, 1]  int8 * 2^-6
              Reshape  Reshape                              dense/SlimQuant/pixels  [16]       int8 * 2^-6
              dense    Dense    [16, 3] int8 * 2^-7  9      dense/SlimQuant/output  [3]        int8 * 2^-4""");
    }
  }

  @Test
  void imagesThatAreReadTwice() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 1)) {
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 16));
      Operand<TFloat32> first =
          graph.layer("a", KERNEL, OUTPUT, () -> firstDense(graph, rows, "rows"));
      Operand<TFloat32> again = graph.tf.reshape(graph.images, graph.tf.array(-1, 16));
      Operand<TFloat32> second =
          graph.layer("b", KERNEL, OUTPUT, () -> firstDense(graph, again, "again"));
      Operand<TFloat32> sum =
          graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input(second)));

      IntegerModel model = assertSame(graph, sum);

      assertThat(model.tensors().stream().map(tensor -> tensor.name()))
          .containsExactly(
              "images",
              "a/SlimQuant/rows",
              "a/SlimQuant/output",
              "b/SlimQuant/again",
              "b/SlimQuant/output",
              "sum/SlimQuant/output");
    }
  }

  private static Operand<TFloat32> firstDense(
      QuantizedGraph graph, Operand<TFloat32> x, String name) {
    return graph.tf.linalg.matMul(graph.input(name, INPUT, x), graph.kernel(KERNEL, 0.3, 16, 3));
  }

  @Test
  void windowsOfEveryKind() {
    for (int stride = 1; stride <= 3; stride++) {
      for (int dilation = 1; dilation <= 3; dilation++) {
        for (String padding : List.of("SAME", "VALID", "EXPLICIT")) {
          for (boolean depthwise : List.of(false, true)) {
            if (dilation == 1 || (stride == 1 && !depthwise)) {
              assertWindow(stride, dilation, padding, depthwise);
            }
          }
        }
      }
    }
  }

  private static void assertWindow(long stride, long dilation, String padding, boolean depthwise) {
    List<Long> strides = List.of(1L, stride, depthwise ? stride : stride % 3 + 1, 1L);
    List<Long> dilations = List.of(1L, dilation, dilation % 3 + 1, 1L);
    if (depthwise || stride > 1) {
      dilations = List.of(1L, dilation, dilation, 1L);
    }
    List<Long> all = dilations;
    List<Long> explicit =
        padding.equals("EXPLICIT") ? List.of(0L, 0L, 0L, 2L, 1L, 0L, 0L, 0L) : List.of();
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 11, 9, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () -> {
                Operand<TFloat32> x = graph.input("images", INPUT, graph.images);
                Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 3, 2, 2, 2);
                return depthwise
                    ? graph.tf.nn.depthwiseConv2dNative(
                        x,
                        kernel,
                        strides,
                        padding,
                        DepthwiseConv2dNative.dilations(all),
                        DepthwiseConv2dNative.explicitPaddings(explicit))
                    : graph.tf.nn.conv2d(
                        x,
                        kernel,
                        strides,
                        padding,
                        Conv2d.dilations(all),
                        Conv2d.explicitPaddings(explicit));
              });
      assertSame(graph, y);
    }
  }

  /** TensorFlow computes one with oneDNN only, so that it is compared with one that has gaps. */
  @Test
  void dilatedDepthwiseConvolution() {
    float[][][][] kernel = {{{{0.5f}}, {{-0.25f}}}, {{{0.75f}}, {{0.125f}}}};
    float[][][][] gaps = {
      {{{0.5f}}, {{0}}, {{-0.25f}}}, {{{0}}, {{0}}, {{0}}}, {{{0.75f}}, {{0}}, {{0.125f}}}
    };
    for (String padding : List.of("SAME", "VALID")) {
      IntegerModel dilated = depthwise(kernel, 2, padding);
      IntegerModel wide = depthwise(gaps, 1, padding);
      int[] codes = IntegerEngine.of(wide).quantize(CodeComparison.batch(wide.input(), 40, SEED));
      assertThat(IntegerEngine.of(dilated).run(codes)).isEqualTo(IntegerEngine.of(wide).run(codes));
    }
  }

  private static IntegerModel depthwise(float[][][][] kernel, long dilation, String padding) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 6, 1)) {
      return graph.compile(
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.nn.depthwiseConv2dNative(
                      graph.input("images", INPUT, graph.images),
                      graph.tf.constant(kernel),
                      ONES,
                      padding,
                      DepthwiseConv2dNative.dilations(List.of(1L, dilation, dilation, 1L)))));
    }
  }

  @Test
  void activationsAndPoolsOfEveryKind() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      Operand<TFloat32> conv =
          graph.layer(
              "conv",
              new PerChannel(6, List.of(-6, -4, -5)),
              FixedPoint.signed(8, -3),
              () -> convolutionOf(graph, new PerChannel(6, List.of(-6, -4, -5)), graph.images, 3));
      // 6 is a code: codes stay codes. Of a step of 4 it is none, and a layer must round.
      Operand<TFloat32> clipped = graph.tf.nn.relu6(conv);
      Operand<TFloat32> coarse =
          graph.layer(
              "coarse",
              KERNEL,
              FixedPoint.signed(4, 2),
              () ->
                  graph.tf.nn.relu6(
                      graph.input(
                          graph.tf.nn.maxPool(
                              graph.tf.nn.relu(clipped),
                              graph.tf.array(1, 1, 1, 1),
                              graph.tf.array(1, 1, 1, 1),
                              "VALID"))));
      Operand<TFloat32> clippedAgain =
          graph.layer("again", KERNEL, OUTPUT, () -> graph.tf.nn.relu6(graph.input(coarse)));
      Operand<TFloat32> average =
          graph.layer(
              "average",
              KERNEL,
              FixedPoint.unsigned(5, -3),
              () ->
                  graph.tf.nn.relu(
                      graph.tf.nn.avgPool(
                          graph.input(clippedAgain),
                          List.of(1L, 2L, 2L, 1L),
                          List.of(1L, 1L, 1L, 1L),
                          "SAME")));
      Operand<TFloat32> mean =
          graph.layer(
              "mean",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.math.mean(
                      graph.input(average), graph.tf.array(-2, 1), Mean.keepDims(true)));
      Operand<TFloat32> squeezed = graph.tf.squeeze(mean);

      assertThat(graph.compile(mean).output().shape()).containsExactly(1, 1, 3).inOrder();
      assertThat(assertSame(graph, mean).ops().stream().map(op -> op.name() + " " + op.range()))
          .containsExactly(
              "conv -127 .. 127",
              "Relu 0 .. 48",
              "MaxPool -127 .. 127",
              "coarse 0 .. 2",
              "again 0 .. 96",
              "average 0 .. 31",
              "mean -127 .. 127")
          .inOrder();
      assertThat(squeezed.asOutput().shape().numDimensions()).isEqualTo(-1);
    }
  }

  private static Operand<TFloat32> convolutionOf(
      QuantizedGraph graph, PerChannel kernel, Operand<TFloat32> x, int channels) {
    return graph.tf.nn.conv2d(
        graph.input("images", INPUT, x),
        graph.kernel(kernel, 0.3, 3, 3, 2, channels),
        ONES,
        "SAME");
  }

  @Test
  void biasesOfEveryKind() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 1, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              new PerChannel(8, List.of(-7, -6, -5)),
              OUTPUT,
              () -> {
                Operand<TFloat32> sums =
                    graph.tf.nn.conv2d(
                        graph.input("images", INPUT, graph.images),
                        graph.kernel(new PerChannel(8, List.of(-7, -6, -5)), 0.3, 3, 1, 2, 3),
                        ONES,
                        "SAME");
                Operand<TFloat32> rows = graph.tf.squeeze(sums, Squeeze.axis(List.of(2L)));
                Operand<TFloat32> twice =
                    graph.tf.math.add(
                        graph.bias(0.5, 3), graph.tf.math.add(rows, graph.bias(0.5, 3)));
                return graph.tf.nn.relu(twice);
              });

      IntegerModel model = assertSame(graph, y);

      assertThat(model.layer("layer").bias().stream().distinct().count()).isEqualTo(3);
      assertThat(model.output().shape()).containsExactly(6, 3).inOrder();
    }
  }

  @Test
  void biasBehindAPool() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.nn.relu(
                      graph.tf.nn.biasAdd(
                          pool(
                              graph,
                              graph.tf.nn.conv2d(
                                  graph.input("images", INPUT, graph.images),
                                  graph.kernel(KERNEL, 0.3, 3, 3, 2, 4),
                                  ONES,
                                  "SAME")),
                          graph.tf.array(0.5f, -1f, 0.125f, 0f))));
      assertThat(assertSame(graph, y).ops().stream().map(op -> op.type()))
          .containsExactly("Conv2D", "MaxPool")
          .inOrder();
      assertThat(graph.compile(y).tensors().get(1).name()).isEqualTo("Conv2d'''");
    }
  }

  @Test
  void batchThatIsComputed() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TInt32> batch =
          graph.tf.stridedSlice(
              graph.tf.shape(graph.images),
              graph.tf.array(0),
              graph.tf.array(1),
              graph.tf.array(1),
              StridedSlice.shrinkAxisMask(1L));
      Operand<TFloat32> rows =
          graph.tf.reshape(graph.images, graph.tf.stack(List.of(batch, graph.tf.constant(32))));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.tf.identity(graph.input("rows", INPUT, rows)),
                      graph.kernel(KERNEL, 0.3, 5, 32),
                      MatMul.transposeB(true)));
      assertThat(assertSame(graph, y).output().shape()).containsExactly(5);
    }
  }

  @Test
  void kernelThatTwoLayersShare() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> kernel =
          graph.tf.withName("shared").variable(graph.kernel(KERNEL, 0.3, 8, 8));
      graph.session().initialize();
      Operand<TFloat32> first =
          graph.layer(
              "first",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.nn.relu(
                      graph.tf.linalg.matMul(graph.input("images", INPUT, graph.images), kernel)));
      Operand<TFloat32> second =
          graph.layer(
              "second", KERNEL, OUTPUT, () -> graph.tf.linalg.matMul(graph.input(first), kernel));

      IntegerModel model = assertSame(graph, second);

      assertThat(model.layer("first").kernel()).isEqualTo(model.layer("second").kernel());
    }
  }

  @Test
  void variablesWithoutValues() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4)) {
      Operand<TFloat32> output =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.nn.biasAdd(
                      graph.tf.linalg.matMul(
                          graph.input("images", INPUT, graph.images),
                          graph.tf.withName("kernel").variable(Shape.of(4, 4), TFloat32.class)),
                      graph.tf.withName("bias").variable(Shape.of(4), TFloat32.class)));

      assertThat(assertThrows(IllegalStateException.class, () -> graph.compile(output)))
          .hasMessageThat()
          .isEqualTo(
              "each variable that a session reads must have a value, but bias, kernel have none;"
                  + " initialise the session or restore a checkpoint into it before");
    }
  }

  @Test
  void joinedCodesOfOneFormat() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> first =
          graph.layer(
              "first",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("images", INPUT, graph.images), graph.kernel(KERNEL, 0.3, 8, 3)));
      Operand<TFloat32> second = dense(graph, "second", first, 5);
      Operand<TFloat32> joined = graph.tf.concat(List.of(first, second), graph.tf.constant(-1));

      assertThat(assertSame(graph, joined).toString()).contains("Concat  Concat ");
      assertThat(graph.compile(joined).output().shape()).containsExactly(8);
    }
  }

  @Test
  void sixteenBits() {
    FixedPoint wide = FixedPoint.signed(16, -12);
    FixedPoint kernel = FixedPoint.signed(4, -2);
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> y =
          graph.layer(
              "wide",
              kernel,
              FixedPoint.signed(16, -10),
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("images", wide, graph.images), graph.kernel(kernel, 0.4, 8, 6)));
      assertSame(graph, y);
    }
  }

  @Test
  void quantizedByHand() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> x = FakeQuant.of(graph.tf.withName("x"), graph.images, INPUT);
      Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 8, 4);
      Operand<TFloat32> product = graph.tf.withName("dense").linalg.matMul(x, kernel);
      Operand<TFloat32> codes = FakeQuant.of(graph.tf.withName("kernel"), kernel, KERNEL);
      SlimQuant.insertQuantOp(graph.graph, kernel, "dense", codes);
      Operand<TFloat32> y = FakeQuant.of(graph.tf.withName("y"), product, OUTPUT);
      QuantizationPlan plan =
          new QuantizationPlan(
              List.of(
                  site("x", Kind.INPUT, INPUT),
                  site("kernel", Kind.KERNEL, KERNEL),
                  site("y", Kind.OUTPUT, OUTPUT)),
              List.of());

      IntegerModel model = IntegerCompiler.compile(graph.session(), plan, graph.images, y);

      assertThat(model.name()).isEqualTo("model");
      assertThat(model.layer("y").kernel().bits()).isEqualTo(8);
      assertSame(graph, model);
    }
  }

  private static Site site(String name, Kind kind, FixedPoint format) {
    return new Site(name, kind, "tensor:0", format, new Source.Hand(), Optional.empty());
  }

  @Test
  void savedModelWithAPlanFromAFile(@TempDir Path folder) throws Exception {
    IntegerModel model;
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      Operand<TFloat32> logits = network(graph, true);
      graph.quantizer.plan().write(folder.resolve("plan.txtpb"));
      model = graph.compile(logits);
      SavedModelBundle.exporter(folder.resolve("saved").toString())
          .withSession(graph.session())
          .withSignature(
              Signature.builder().input("images", graph.images).output("logits", logits).build())
          .export();
    }
    try (SavedModelBundle bundle =
        SavedModelBundle.load(folder.resolve("saved").toString(), SavedModelBundle.DEFAULT_TAG)) {
      IntegerModel loaded =
          IntegerCompiler.compile(
                  "test",
                  bundle.session(),
                  QuantizationPlan.read(folder.resolve("plan.txtpb")),
                  bundle.graph().operation("images").output(0),
                  bundle.graph().operation("dense1/SlimQuant/output").output(0))
              .model();
      assertThat(loaded).isEqualTo(model);
    }
  }

  @Test
  void modelThatBeginsBehindThePlaceholder() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> pixels = graph.tf.math.mul(graph.images, graph.tf.constant(1f / 3));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("pixels", INPUT, pixels), graph.kernel(KERNEL, 0.3, 8, 3)));

      IntegerModel model =
          IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), pixels, y);

      assertThat(model.input().name()).isEqualTo("Mul");
      CodeComparison comparison =
          CodeComparison.of(
              graph.session(), pixels, model, CodeComparison.batch(model.input(), 40, SEED));
      assertThat(comparison).isEqualTo(new CodeComparison(120, 0, List.of()));
    }
  }

  @Test
  void batchOfAFixedSize() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> five =
          graph.tf.withName("five").placeholder(TFloat32.class, Placeholder.shape(Shape.of(5, 8)));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("five", INPUT, five), graph.kernel(KERNEL, 0.3, 8, 4)));
      Operand<TFloat32> square = graph.tf.reshape(y, graph.tf.array(5, 2, 2));

      IntegerModel model =
          IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), five, square);

      assertThat(model.output().shape()).containsExactly(2, 2).inOrder();
      assertThat(
              CodeComparison.of(
                      graph.session(), five, model, CodeComparison.batch(model.input(), 5, SEED))
                  .differing())
          .isEqualTo(0);
    }
  }
}
