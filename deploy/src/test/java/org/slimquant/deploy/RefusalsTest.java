package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.QuantizationPlan;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.slimquant.runtime.SlimQuant;
import org.slimquant.runtime.Source;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/** What cannot be converted: the whole list, compared whole. */
final class RefusalsTest {

  private static final FixedPoint INPUT = FixedPoint.signed(8, -6);
  private static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  /** Checks the refusals of a graph of 6x6 images with two channels. */
  private static void assertRefused(
      Function<QuantizedGraph, Operand<?>> model, String... refusals) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<?> output = model.apply(graph);
      assertRefused(graph, graph.quantizer.plan(), output, refusals);
    }
  }

  private static void assertRefused(
      QuantizedGraph graph, QuantizationPlan plan, Operand<?> output, String... refusals) {
    UnconvertibleGraphException e =
        assertThrows(
            UnconvertibleGraphException.class,
            () -> IntegerCompiler.compile(graph.session(), plan, graph.images, output));
    assertThat(e.refusals().stream().map(Refusal::toString))
        .containsExactlyElementsIn(List.of(refusals))
        .inOrder();
    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "a graph must have ops that integers can compute, but %d of this one's cannot be converted:\n  %s"
                .formatted(refusals.length, String.join("\n  ", refusals)));
  }

  private static Operand<TFloat32> layer(
      QuantizedGraph graph, String name, Function<Operand<TFloat32>, Operand<TFloat32>> body) {
    return graph.layer(
        name, KERNEL, OUTPUT, () -> body.apply(graph.input("images", INPUT, graph.images)));
  }

  private static Operand<TFloat32> next(
      QuantizedGraph graph,
      String name,
      Operand<TFloat32> x,
      Function<Operand<TFloat32>, Operand<TFloat32>> body) {
    return graph.layer(name, KERNEL, OUTPUT, () -> body.apply(graph.input(x)));
  }

  private static Operand<TFloat32> conv(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.conv2d(x, graph.kernel(KERNEL, 0.3, 3, 3, 2, 2), ONES, "SAME");
  }

  @Test
  void weightsThatAreNoNumbers() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        conv(graph, x), graph.tf.constant(new float[] {1, Float.NaN}))),
        "BiasAdd (BiasAdd): adds NaN in channel 1; train again with a smaller learning rate, or restore an earlier checkpoint");
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.tf.reshape(
                            graph.tf.constant(new float[] {1, Float.NaN}),
                            graph.tf.array(1, 1, 2, 1)),
                        ONES,
                        "SAME")),
        "Conv2d (Conv2D): its kernel first/SlimQuant/kernel holds NaN; train again with a smaller learning rate, or restore an earlier checkpoint");
  }

  /** 2048 is 2^24 steps of the accumulator, where float32 has lost the last bit of the products. */
  @Test
  void biasesThatCancel() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        graph.tf.nn.biasAdd(
                            conv(graph, x), graph.tf.constant(new float[] {1, 2048})),
                        graph.tf.constant(new float[] {-1, -2048}))),
        "BiasAdd_1 (BiasAdd): adds to Conv2d, after another constant, one of the other sign in channel 1, and float32 rounds in between; add one constant, their sum");
  }

  @Test
  void everythingAtOnce() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> graph.tf.math.tanh(conv(graph, x)));
          Operand<TFloat32> second =
              next(
                  graph,
                  "second",
                  first,
                  x ->
                      graph
                          .tf
                          .nn
                          .fusedBatchNorm(
                              conv(graph, x),
                              graph.tf.array(1f, 1f),
                              graph.tf.array(0f, 0f),
                              graph.tf.array(0f, 0f),
                              graph.tf.array(1f, 1f),
                              FusedBatchNorm.isTraining(false))
                          .y());
          Operand<TFloat32> unquantized = graph.tf.math.mul(second, graph.tf.constant(0.3f));
          Operand<TFloat32> third =
              next(graph, "third", unquantized, x -> graph.tf.nn.relu(conv(graph, x)));
          return graph.tf.math.sigmoid(graph.tf.math.exp(graph.tf.nn.softmax(third)));
        },
        "Tanh (Tanh): it has no integer op; build the layer from other ops, or leave it before the input or behind the output",
        "FusedBatchNorm (FusedBatchNormV3): a batch normalisation has no integer op; fold its scale and offset into the kernel and the bias of the layer before it",
        "Mul (Mul): it has no integer op; fold a factor into a kernel and an offset into a bias, or compute it before the input or behind the output",
        "Softmax (Softmax): it is computed in floats, and the model goes on behind it; let the output be what it reads",
        "Exp (Exp): it has no integer op; build the layer from other ops, or leave it before the input or behind the output");
  }

  @Test
  void layersWithoutAnnotation() {
    assertRefused(
        graph -> {
          Operand<TFloat32> raw = graph.tf.nn.relu(conv(graph, graph.images));
          return next(graph, "second", raw, x -> conv(graph, x));
        },
        "images (Input): its output, which Conv2d (Conv2D) reads, has no format; annotate the parameter of the layer through which it flows in with @QuantInt8",
        "Relu (Relu): its output, which Conv2d_1 (Conv2D) reads, has no format; annotate the method that makes it with @QuantInt8");
  }

  @Test
  void kernelWithoutFormat() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> graph.tf.nn.relu(x));
          return conv(graph, first);
        },
        "Conv2d (Conv2D): its output, which the model returns, has no format; annotate the method that makes it with @QuantInt8");
  }

  @Test
  void averageWithinALayer() {
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x -> graph.tf.nn.avgPool(graph.tf.nn.relu(conv(graph, x)), ONES, ONES, "SAME")),
        "Relu (Relu): its output, which AvgPool (AvgPool) reads, has no format; give the average a layer of its own: annotate the method that makes it with @QuantInt8");
  }

  @Test
  void joinsWithinALayer() {
    assertRefused(
        graph -> layer(graph, "first", x -> graph.tf.nn.relu(graph.tf.math.add(conv(graph, x), x))),
        "Conv2d (Conv2D): its output, which Add (Add) reads, has no format; annotate the method that makes it with @QuantInt8");
  }

  @Test
  void windowsThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              layer(
                  graph,
                  "first",
                  x ->
                      graph.tf.nn.conv2d(
                          x,
                          graph.kernel(KERNEL, 0.3, 3, 3, 6, 6),
                          ONES,
                          "SAME",
                          Conv2d.dataFormat("NCHW")));
          Operand<TFloat32> pooled =
              graph.tf.nn.maxPool(
                  first, graph.tf.array(1, 1, 1, 2), graph.tf.array(1, 1, 1, 2), "VALID");
          Operand<TFloat32> padded =
              graph.tf.pad(
                  pooled,
                  graph.tf.constant(new int[][] {{1, 0}, {0, 0}, {0, 0}, {0, 0}}),
                  graph.tf.constant(0f));
          Operand<TFloat32> filled =
              graph.tf.pad(
                  padded,
                  graph.tf.constant(new int[][] {{0, 0}, {1, 0}, {0, 0}, {0, 0}}),
                  graph.tf.constant(1.5f));
          Operand<TFloat32> mean =
              next(graph, "mean", filled, x -> graph.tf.math.mean(x, graph.tf.array(1, 3)));
          Operand<TFloat32> rows = graph.tf.reshape(mean, graph.tf.array(-1));
          return next(
              graph, "joined", rows, x -> graph.tf.concat(List.of(x, x), graph.tf.constant(0)));
        },
        "Conv2d (Conv2D): it has the data format NCHW; build the model with NHWC",
        "MaxPool (MaxPoolV2): it pools [1, 1, 1, 2], more than rows and columns; pool over [1, rows, columns, 1]",
        "Pad (PadV2): it pads the batch: [1, 0, 0, 0, 0, 0, 0, 0]; pad the axes behind it",
        "Pad_1 (PadV2): it pads with 1.5; pad with 0",
        "Mean (Mean): it averages examples of shape [7, 6, 1] over the axes [1, 3]; average over rows and columns, the axes 1 and 2",
        "Reshape (Reshape): it does not keep the batch: it makes [] of examples of shape [6]; let the first axis stay the batch: reshape to [-1, 6]",
        "Concat (ConcatV2): it joins batches along the axis 0; join along another axis");
  }

  @Test
  void productsThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> rows =
              layer(graph, "rows", x -> graph.tf.reshape(x, graph.tf.array(-1, 72)));
          Operand<TFloat32> first =
              next(
                  graph,
                  "first",
                  rows,
                  x ->
                      graph.tf.linalg.matMul(
                          x, graph.kernel(KERNEL, 0.3, 3, 4), MatMul.transposeA(true)));
          Operand<TFloat32> second =
              next(
                  graph,
                  "second",
                  first,
                  x -> graph.tf.linalg.matMul(graph.kernel(KERNEL, 0.3, 4, 72), x));
          return next(
              graph, "third", second, x -> graph.tf.linalg.matMul(x, x, MatMul.transposeB(true)));
        },
        "MatMul (MatMul): it transposes its data, whose first axis is the batch; transpose the kernel",
        "MatMul_1 (MatMul): it has its kernel in front of its data; multiply data by kernel: x * kernel",
        "MatMul_2 (MatMul): its kernel second/SlimQuant/output is computed from data; let it be a constant or a variable");
  }

  @Test
  void biasesThatIntegersDoNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              layer(
                  graph,
                  "first",
                  x ->
                      graph.tf.math.add(
                          graph.tf.nn.relu(conv(graph, x)), graph.tf.array(0.5f, 1f)));
          return next(
              graph,
              "second",
              first,
              x ->
                  graph.tf.math.add(
                      conv(graph, x),
                      graph.tf.constant(
                          new float[][][] {
                            {{1, 0}}, {{1, 0}}, {{1, 0}}, {{1, 0}}, {{1, 0}}, {{1, 0}}
                          })));
        },
        "Add (Add): adds a constant to Relu (Relu), which has no kernel; make it the bias of a layer with a kernel",
        "Add_1 (Add): its bias of shape [6, 1, 2] does not lie along the 2 output channels of Conv2d_1; add a vector along the last axis");
  }

  @Test
  void biasThatIsNotOnTheGrid() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "first",
              KERNEL,
              OUTPUT,
              // Quantized behind the layer's back, so that its bias is not.
              () -> graph.tf.nn.biasAdd(conv(graph, graph.images), graph.tf.array(0.25f, 0.1f)));
      Operand<TFloat32> x = FakeQuant.of(graph.tf.withName("x"), graph.images, INPUT);
      SlimQuant.insertQuantOp(graph.graph, graph.images, "Conv2d", x);
      List<Site> sites = new ArrayList<>(graph.quantizer.plan().sites());
      sites.add(
          new Site(
              "x",
              QuantizationPlan.Kind.INPUT,
              "images:0",
              INPUT,
              new Source.Hand(),
              Optional.empty()));

      assertRefused(
          graph,
          new QuantizationPlan(sites, List.of()),
          y,
          "BiasAdd (BiasAdd): adds 0.10000000149011612 in channel 1, which is no 32-bit code of the accumulator's step 2^-13; quantize the layer's input, and build its bias inside of its method");
    }
  }

  @Test
  void planOfAnotherGraph() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> first = layer(graph, "first", x -> conv(graph, x));
      Operand<TFloat32> second = next(graph, "second", first, x -> conv(graph, x));
      List<Site> other =
          graph.quantizer.plan().sites().stream()
              .filter(site -> !site.name().equals("second/SlimQuant/kernel"))
              .filter(site -> !site.name().equals("second/SlimQuant/output"))
              .map(
                  site ->
                      new Site(
                          site.name(),
                          site.kind(),
                          site.tensor(),
                          FixedPoint.signed(8, ((FixedPoint) site.format()).frac() + 1),
                          site.source(),
                          site.measure()))
              .toList();

      assertRefused(
          graph,
          new QuantizationPlan(other, List.of()),
          second,
          "first/SlimQuant/images (FakeQuantWithMinMaxVars): is int8 * 2^-5 in the plan, but its op rounds to other numbers; compile with the plan of the quantizer that built this graph",
          "Conv2d (Conv2D): its kernel first/SlimQuant/kernel holds 0.4609375, which is no number of int8 * 2^-6; compile with the plan of the quantizer that built this graph",
          "first/SlimQuant/output (FakeQuantWithMinMaxVars): is int8 * 2^-3 in the plan, but its op rounds to other numbers; compile with the plan of the quantizer that built this graph",
          "Conv2d_1 (Conv2D): its kernel second/SlimQuant/kernel has no format; annotate the layer's method with @QuantInt8",
          "second/SlimQuant/output (FakeQuantWithMinMaxVars): this fake quant is not in the plan; compile with the plan of the quantizer that built this graph, or add the site to it");
    }
  }

  @Test
  void otherPlaceholdersAndRandomNumbers() {
    assertRefused(
        graph -> {
          Operand<TFloat32> other =
              graph
                  .tf
                  .withName("other")
                  .placeholder(TFloat32.class, Placeholder.shape(Shape.of(6, 6, 2)));
          return layer(
              graph,
              "first",
              x ->
                  graph.tf.math.add(
                      graph.tf.math.add(x, other),
                      graph.tf.random.randomUniform(graph.tf.array(6, 6, 2), TFloat32.class)));
        },
        "other (Placeholder): the model is fed from it, too; compile a graph that reads nothing but its input, or make it a constant",
        "Add (Add): its output, which Add_1 (Add) reads, has no format; annotate the method that makes it with @QuantInt8",
        "RandomUniform (RandomUniform): it is random; build the model without dropout and noise");
  }

  @Test
  void imagesInTwoFormats() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> conv(graph, x));
          Operand<TFloat32> shifted = graph.tf.reshape(graph.images, graph.tf.array(-1, 6, 6, 2));
          Operand<TFloat32> second =
              graph.layer(
                  "second",
                  KERNEL,
                  OUTPUT,
                  () -> conv(graph, graph.input("images", OUTPUT, shifted)));
          return graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input(second)));
        },
        "images (Input): it is quantized to several formats: [int8 * 2^-6, int8 * 2^-4]; give it one format");
  }

  @Test
  void imagesOfUnknownShape() {
    try (QuantizedGraph graph = new QuantizedGraph(1, -1, -1, 2)) {
      Operand<TFloat32> y = layer(graph, "first", x -> graph.tf.nn.relu(conv(graph, x)));
      assertRefused(
          graph,
          graph.quantizer.plan(),
          y,
          "images (Input): the shape of its output is not known when the graph is built; let the batch alone be unknown, in the placeholder's shape and behind it");
    }
  }

  @Test
  void whatTheIntegerModelDoesNotHave() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first =
              graph.layer(
                  "first",
                  KERNEL,
                  FixedPoint.signed(8, 30),
                  () -> conv(graph, graph.input("images", INPUT, graph.images)));
          Operand<TFloat32> second =
              graph.layer(
                  "second",
                  KERNEL,
                  OUTPUT,
                  () -> graph.tf.nn.avgPool(graph.input(first), ONES, ONES, "SAME"));
          return graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input(second)));
        },
        "AvgPool (AvgPool): op second (AveragePool) must have an output whose step is at most 2^16 times finer than the input's, but has second/SlimQuant/output [6, 6, 2] int8 * 2^-4 from first/SlimQuant/output [6, 6, 2] int8 * 2^30; change shape or format",
        "Add (Add): op sum (Add) must have inputs whose steps are at most 2^32 apart, but has first/SlimQuant/output [6, 6, 2] int8 * 2^30 and second/SlimQuant/output [6, 6, 2] int8 * 2^-4; change shape or format");
  }

  @Test
  void outputThatDoesNotDependOnTheInput() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2);
        Graph other = new Graph()) {
      Operand<TFloat32> y = layer(graph, "first", x -> conv(graph, x));
      Operand<TFloat32> loose = graph.tf.withName("loose").placeholder(TFloat32.class);
      Operand<TFloat32> foreign = Ops.create(other).withName("foreign").placeholder(TFloat32.class);

      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () -> IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), loose, y)))
          .hasMessageThat()
          .isEqualTo(
              "the output must depend on the input, but first/SlimQuant/output does not depend on loose; give the placeholder that the model reads");
      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), foreign, y)))
          .hasMessageThat()
          .isEqualTo(
              "the input must be a tensor of the session's graph, but foreign is not; take the operand from that graph");
    }
  }

  @Test
  void stridesThatTheIntegerModelDoesNotHave() {
    long far = 1L << 29;
    assertRefused(
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.conv2d(
                        x,
                        graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                        List.of(1L, far, far, 1L),
                        "VALID")),
        "Conv2d (Conv2D): the sizes, strides and dilations of a window must be between 1 and 268435456, but one is 536870912; change shape or format");
  }

  @Test
  void outputThatReadsTheShapeOnly() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> y = graph.tf.reshape(graph.tf.array(1f, 2f), graph.tf.shape(graph.images));
      assertThat(assertThrows(IllegalArgumentException.class, () -> graph.compile(y)))
          .hasMessageThat()
          .isEqualTo(
              "the output must be computed from the input, but only the input's shape is read");
    }
  }
}
