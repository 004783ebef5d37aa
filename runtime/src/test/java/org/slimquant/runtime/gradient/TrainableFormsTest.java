package org.slimquant.runtime.gradient;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.testing.QuantizerOfForm;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/**
 * The forms of ops whose own gradients are wrong: the graphs that change, and those that do not.
 */
final class TrainableFormsTest {

  private static final FixedPoint WHOLE = FixedPoint.signed(16, 0);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
  private static final QuantizedLayer LAYER = QuantizedLayer.of("conv1", WHOLE, WHOLE);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 9, 2)));

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  private Operand<TFloat32> kernel(long... shape) {
    return tf.withName("kernel").zeros(tf.constant(shape), TFloat32.class);
  }

  private Operand<TFloat32> dilated(Operand<TFloat32> in, Operand<TFloat32> kernel) {
    return tf.nn.conv2d(in, kernel, ONES, "SAME", Conv2d.dilations(List.of(1L, 2L, 2L, 1L)));
  }

  private List<String> linesOf(String scope) {
    return Tensors.lines(graph).stream().filter(line -> line.contains(scope)).toList();
  }

  @Test
  void dilations() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<TFloat32> bias = tf.withName("bias").constant(new float[3]);
    Operand<TFloat32> y =
        layer(
            quantizer,
            LAYER,
            () ->
                tf.nn.biasAdd(
                    dilated(quantizer.input(new QuantizedInput("x", WHOLE), x), kernel(3, 2, 2, 3)),
                    bias));

    String form = "Conv2d/SlimQuant/trainable";
    assertThat(linesOf("Conv2d"))
        .containsExactly(
            "Conv2D Conv2d <- [conv1/SlimQuant/x, conv1/SlimQuant/kernel]",
            "BiasAdd BiasAdd <- [%s, conv1/SlimQuant/bias]".formatted(form),
            "Const %s/sizes/blocks <- []".formatted(form),
            "Const %s/sizes/paddings <- []".formatted(form),
            "Const %s/sizes/crops <- []".formatted(form),
            "SpaceToBatchND %s/space <- [conv1/SlimQuant/x, %s/sizes/blocks, %s/sizes/paddings]"
                .formatted(form, form, form),
            "Conv2D %s/convolution <- [%s/space, conv1/SlimQuant/kernel]".formatted(form, form),
            "BatchToSpaceND %s <- [%s/convolution, %s/sizes/blocks, %s/sizes/crops]"
                .formatted(form, form, form, form))
        .inOrder();
    assertThat(y.asOutput().shape().asArray()).isEqualTo(new long[] {-1, 8, 9, 3});
    assertThat(quantizer.plan().remarks()).isEmpty();
    assertThat(quantizer.verify()).isEmpty();
    GraphOperation last = graph.operationOrThrow(form);
    assertThat(TrainableForm.original(last).orElseThrow().name()).isEqualTo("Conv2d");
    assertThat(TrainableForm.original(graph.operationOrThrow("BiasAdd")).isPresent()).isFalse();
  }

  /** The layer's output is that of the form, and its site names it. */
  @Test
  void anOutputThatIsTheOpItself() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<TFloat32> y =
        layer(quantizer, LAYER, () -> dilated(quantizer.input(x), kernel(3, 2, 2, 3)));

    assertThat(y.asOutput().op().name()).isEqualTo("conv1/SlimQuant/output");
    assertThat(((GraphOperation) y.asOutput().op()).input(0).op().name())
        .isEqualTo("Conv2d/SlimQuant/trainable");
    assertThat(quantizer.plan().sites().get(1).tensor()).isEqualTo("Conv2d/SlimQuant/trainable:0");
    assertThat(quantizer.verify()).isEmpty();
  }

  /** The forms within a layer contain no kernel of the layer around it. */
  @Test
  void aLayerWithinALayer() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    layer(
        quantizer,
        QuantizedLayer.of("block", WHOLE, WHOLE),
        () ->
            tf.nn.conv2d(
                layer(quantizer, LAYER, () -> dilated(quantizer.input(x), kernel(3, 2, 2, 3))),
                kernel(1, 1, 3, 4),
                ONES,
                "SAME"));

    assertThat(quantizer.plan().sites().stream().map(site -> site.name()))
        .containsExactly(
            "conv1/SlimQuant/kernel",
            "conv1/SlimQuant/output",
            "block/SlimQuant/kernel",
            "block/SlimQuant/output")
        .inOrder();
  }

  /** The float model's graph stays as the model built it, op by op. */
  @Test
  void calibratingAndProbingGraphs() {
    for (boolean probes : List.of(false, true)) {
      try (Graph other = new Graph()) {
        Ops ops = Ops.create(other);
        GraphQuantizer quantizer =
            probes
                ? ProbingQuantizer.of(other, QuantizationPlan.EMPTY)
                : CalibratingQuantizer.of(other);
        Operand<TFloat32> images =
            ops.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 9, 2)));
        layer(
            quantizer,
            LAYER,
            () ->
                ops.nn.conv2d(
                    quantizer.input(images),
                    ops.zeros(ops.array(3, 2, 2, 3), TFloat32.class),
                    ONES,
                    "SAME",
                    Conv2d.dilations(List.of(1L, 2L, 2L, 1L))));
        assertThat(Tensors.lines(other).toString()).doesNotContain("trainable");
      }
    }
  }

  /** TensorFlow's own op pads with the lowest number, too. */
  @Test
  void explicitPaddingsOfMaxPool() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<TFloat32> y = layer(quantizer, LAYER, () -> maxPool(tf, x));
    Output<?> dx =
        graph
            .addGradients(
                null, new Output<?>[] {y.asOutput()}, new Output<?>[] {x.asOutput()}, null)[0];

    float[] image = new float[8 * 9 * 2];
    Random random = new Random(1);
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextInt(2000) - 3000;
    }
    float[] expected;
    try (Graph bare = new Graph()) {
      Ops ops = Ops.create(bare);
      Placeholder<TFloat32> in = ops.placeholder(TFloat32.class);
      expected = run(bare, in, maxPool(ops, in).asOutput(), image);
    }
    assertThat(run(graph, x, y.asOutput(), image)).isEqualTo(expected);
    assertThat(run(graph, x, dx, image)).isEqualTo(countsOfLargest(image));
  }

  /** Rows 3, columns 2, moving by 2, with 1 and 2 rows and 0 and 1 columns around the image. */
  private static Operand<TFloat32> maxPool(Ops ops, Operand<TFloat32> in) {
    return ops.scope()
        .env()
        .opBuilder("MaxPool", "MaxPool", ops.scope())
        .addInput(in.asOutput())
        .setAttr("ksize", new long[] {1, 3, 2, 1})
        .setAttr("strides", new long[] {1, 2, 2, 1})
        .setAttr("padding", "EXPLICIT")
        .setAttr("explicit_paddings", new long[] {0, 0, 1, 2, 0, 1, 0, 0})
        .build()
        .output(0);
  }

  /** Returns for each element the number of windows in which it is the first largest element. */
  private static float[] countsOfLargest(float[] image) {
    float[] counts = new float[image.length];
    for (int row = -1; row + 3 <= 10; row += 2) {
      for (int column = 0; column + 2 <= 10; column += 2) {
        for (int channel = 0; channel < 2; channel++) {
          int largest = -1;
          for (int r = Math.max(0, row); r < Math.min(8, row + 3); r++) {
            for (int c = column; c < Math.min(9, column + 2); c++) {
              int place = (r * 9 + c) * 2 + channel;
              largest = largest < 0 || image[place] > image[largest] ? place : largest;
            }
          }
          counts[largest]++;
        }
      }
    }
    return counts;
  }

  private static float[] run(Graph graph, Operand<TFloat32> in, Output<?> fetch, float[] image) {
    try (Session session = new Session(graph);
        TFloat32 fed = Tensors.tensor(Shape.of(1, 8, 9, 2), image);
        Result result = session.runner().feed(in, fed).fetch(fetch).run()) {
      return Tensors.elements((TFloat32) result.get(0));
    }
  }

  @Test
  void volumesWhereNoGradientCanBeRegistered() {
    GraphQuantizer quantizer =
        new QuantizerOfForm(graph, GradientForm.COMPOSED, QuantizationPlan.EMPTY);
    Placeholder<TFloat32> volume =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4, 4, 4, 2)));
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                layer(
                    quantizer,
                    LAYER,
                    () ->
                        tf.nn.conv3d(
                            quantizer.input(volume),
                            kernel(2, 2, 2, 2, 3),
                            List.of(1L, 1L, 1L, 1L, 1L),
                            "SAME")));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "every op of layer conv1 must have a right gradient, but Conv3d (Conv3D) has not:"
                + " TensorFlow's C++ library has none, and TensorFlow Java cannot register one on"
                + " this platform; build the layer from Conv2D, or the quantized graph on Linux or"
                + " macOS");
    assertThat(Tensors.lines(graph).toString()).doesNotContain("SlimQuant");
  }

  @Test
  void severalAxesForTheBatch() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Placeholder<TFloat32> videos =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 5, 8, 9, 2)));
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                layer(
                    quantizer,
                    LAYER,
                    () ->
                        tf.nn.conv(
                            quantizer.input(videos),
                            kernel(3, 2, 2, 3),
                            ONES,
                            "SAME",
                            org.tensorflow.op.nn.Conv.batchDims(2L))));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "every op of layer conv1 must have a right gradient, but Conv (Conv) has not: TensorFlow"
                + " has none for Conv, and with 2 axes for the batch it is no Conv2D; reshape its"
                + " input to one axis for the batch");
  }

  @Test
  void aDilatedKernelOfUnknownSize() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Placeholder<TFloat32> weights = tf.placeholder(TFloat32.class);
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> layer(quantizer, LAYER, () -> dilated(quantizer.input(x), weights)));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "every op of layer conv1 must have a right gradient, but Conv2d (Conv2D) has not:"
                + " TensorFlow's ignores its dilations, and the size of its kernel is not known;"
                + " give the kernel a shape");
  }
}
