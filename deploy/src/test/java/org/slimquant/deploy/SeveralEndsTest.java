package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSameOutputs;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.Compilation.OutsideOp;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Models with several inputs and outputs. */
final class SeveralEndsTest {

  private static final long[] SHAPE = {6, 6, 2};

  private static Operand<TFloat32> placeholder(QuantizedGraph graph, String name, long... shape) {
    return graph
        .tf
        .withName(name)
        .placeholder(
            TFloat32.class, Placeholder.shape(Shape.of(shape).prepend(Shape.UNKNOWN_SIZE)));
  }

  private static List<String> names(List<IntegerTensor> tensors) {
    return tensors.stream().map(IntegerTensor::name).toList();
  }

  private static List<String> types(IntegerModel model) {
    return model.ops().stream().map(IntegerOp::type).toList();
  }

  private static Compilation compile(
      QuantizedGraph graph, List<? extends Operand<?>> inputs, List<? extends Operand<?>> outputs) {
    return IntegerCompiler.compile(
        "test", graph.session(), graph.quantizer.plan(), inputs, outputs);
  }

  private static void assertFails(
      QuantizedGraph graph,
      List<? extends Operand<?>> inputs,
      List<? extends Operand<?>> outputs,
      String message) {
    assertThat(assertThrows(IllegalArgumentException.class, () -> compile(graph, inputs, outputs)))
        .hasMessageThat()
        .isEqualTo(message);
  }

  private static void assertRefused(
      QuantizedGraph graph,
      List<? extends Operand<?>> inputs,
      List<? extends Operand<?>> outputs,
      String... refusals) {
    assertThat(
            assertThrows(UnconvertibleGraphException.class, () -> compile(graph, inputs, outputs))
                .refusals()
                .stream()
                .map(Refusal::toString))
        .containsExactlyElementsIn(List.of(refusals))
        .inOrder();
  }

  /** A kernel is stored once, and the layer is called with two inputs. */
  @Test
  void siameseBranches() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> right = placeholder(graph, "right", SHAPE);
      Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 3, 3, 2, 4);
      Operand<TFloat32> a = branch(graph, graph.images, kernel);
      Operand<TFloat32> b = branch(graph, right, kernel);
      Operand<TFloat32> sum =
          graph.layer(
              "sum", KERNEL, OUTPUT, () -> graph.tf.math.add(graph.input(a), graph.input(b)));

      IntegerModel model = assertSameOutputs(graph, List.of(right, graph.images), List.of(sum));

      assertThat(names(model.inputs())).containsExactly("right", "images").inOrder();
      assertThat(types(model)).containsExactly("Conv2D", "Conv2D", "Add").inOrder();
      assertThat(model.layers().get(0).kernel()).isSameInstanceAs(model.layers().get(1).kernel());
    }
  }

  private static Operand<TFloat32> branch(
      QuantizedGraph graph, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return graph.layer(
        "branch",
        KERNEL,
        OUTPUT,
        () -> graph.relu(graph.conv(graph.input("image", INPUT, x), kernel)));
  }

  /** What both heads need is computed once. */
  @Test
  void twoHeads() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> features =
          graph.layer("stem", graph.images, x -> graph.relu(graph.conv(x, 4)));
      Operand<TFloat32> rows = graph.tf.reshape(features, graph.tf.array(-1, 144));
      Operand<TFloat32> classes = graph.dense("classes", rows, 5);
      Operand<TFloat32> boxes = graph.conv("boxes", features, 3);

      IntegerModel model = assertSameOutputs(graph, List.of(graph.images), List.of(boxes, classes));

      assertThat(names(model.outputs()))
          .containsExactly("boxes/SlimQuant/output", "classes/SlimQuant/output")
          .inOrder();
      assertThat(types(model)).containsExactly("Conv2D", "Conv2D", "Reshape", "Dense");
    }
  }

  @Test
  void inputsOfDifferentShapesAndFormats() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> row = placeholder(graph, "row", 7);
      Operand<TFloat32> image = graph.conv("image", graph.images, 1);
      Operand<TFloat32> gate =
          graph.layer(
              "gate",
              KERNEL,
              OUTPUT,
              () -> graph.product(graph.input("row", FixedPoint.unsigned(4, -2), row), 36));
      Operand<TFloat32> sum =
          graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.math.add(
                      graph.tf.reshape(graph.input(image), graph.tf.array(-1, 36)),
                      graph.input(gate)));

      IntegerModel model = assertSameOutputs(graph, List.of(graph.images, row), List.of(sum));

      assertThat(model.inputs().get(0).format()).isEqualTo(INPUT);
      assertThat(model.inputs().get(1).format()).isEqualTo(FixedPoint.unsigned(4, -2));
      assertThat(model.inputs().get(1).shape()).containsExactly(7);
    }
  }

  /** An output may be read by other ops, and may be what a pool returns. */
  @Test
  void outputsInTheMiddle() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> first = graph.conv("first", graph.images, 4);
      Operand<TFloat32> pooled = graph.pool(first);
      Operand<TFloat32> second = graph.conv("second", pooled, 3);

      IntegerModel model =
          assertSameOutputs(graph, List.of(graph.images), List.of(second, pooled, first));

      assertThat(names(model.outputs()))
          .containsExactly("second/SlimQuant/output", "MaxPool", "first/SlimQuant/output")
          .inOrder();
      assertThat(types(model)).containsExactly("Conv2D", "MaxPool", "Conv2D").inOrder();
    }
  }

  @Test
  void aQuantizedInputThatIsAnOutput() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> y = graph.conv("first", graph.images, 4);
      Operand<?> quantized = graph.graph.outputOrThrow("first/SlimQuant/images:0");

      IntegerModel model = compile(graph, List.of(graph.images), List.of(y, quantized)).model();

      assertThat(model.outputs().get(1)).isEqualTo(model.inputs().get(0));
    }
  }

  @Test
  void anInputThatOnlyAnOutputNeeds() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> other = placeholder(graph, "other", SHAPE);
      Operand<TFloat32> y = graph.conv("first", graph.images, 4);
      graph.layer("second", KERNEL, OUTPUT, () -> graph.conv(graph.input("x", INPUT, other)));

      assertRefused(
          graph,
          List.of(graph.images, other),
          List.of(y, graph.graph.outputOrThrow("second/SlimQuant/x:0")),
          "other (Placeholder): no op of the model reads its values; leave it out, and leave it out of the outputs too if it is one");
      assertSameOutputs(graph, List.of(graph.images), List.of(y));
    }
  }

  @Test
  void scoresOfEachOutput() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> first = graph.dense("first", graph.images, 4);
      Operand<TFloat32> second = graph.dense("second", first, 3);
      Operand<TFloat32> probabilities = graph.tf.nn.softmax(second);
      Operand<?> classes = graph.tf.math.argMax(probabilities, graph.tf.constant(1));
      Operand<TFloat32> sigmoid = graph.tf.math.sigmoid(first);

      Compilation compilation = compile(graph, List.of(graph.images), List.of(classes, sigmoid));

      assertThat(names(compilation.model().outputs()))
          .containsExactly("second/SlimQuant/output", "first/SlimQuant/output")
          .inOrder();
      assertThat(compilation.outside())
          .containsExactly(
              new OutsideOp("Softmax", "Softmax"),
              new OutsideOp("ArgMax", "ArgMax"),
              new OutsideOp("Sigmoid", "Sigmoid"))
          .inOrder();
      assertRefused(
          graph,
          List.of(graph.images),
          List.of(probabilities, sigmoid, classes),
          "second/SlimQuant/output (FakeQuantWithMinMaxVars): it is the end of two outputs, because the ops after it stay outside of the model; list one of them");
      assertSameOutputs(graph, List.of(graph.images), List.of(second, first));
    }
  }

  @Test
  void anInputInTwoFormats() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> other = placeholder(graph, "other", SHAPE);
      Operand<TFloat32> first = graph.conv("first", graph.images, 4);
      Operand<TFloat32> again = graph.tf.reshape(graph.images, graph.tf.array(-1, 6, 6, 2));
      Operand<TFloat32> second =
          graph.layer(
              "second",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.math.add(
                      graph.conv(graph.input("again", OUTPUT, again)),
                      graph.input("other", INPUT, other)));

      assertRefused(
          graph,
          List.of(other, graph.images),
          List.of(first, second),
          "images (Placeholder): it is quantized to several formats: [int8 * 2^-6, int8 * 2^-4]; give it one format",
          "Conv2d_1 (Conv2D): its output, which Add (Add) reads, has no format; let a @QuantInt8 method of its own return it");
    }
  }

  @Test
  void inputsThatAreScaledFirst() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> other = placeholder(graph, "other", SHAPE);
      Operand<TFloat32> scaled = graph.tf.math.mul(other, graph.tf.constant(1f / 3));
      Operand<TFloat32> first = graph.conv("first", graph.images, 2);
      Operand<TFloat32> second =
          graph.layer(
              "second",
              KERNEL,
              OUTPUT,
              () -> graph.addBias(graph.conv(graph.input("scaled", INPUT, scaled))));
      Operand<TFloat32> sum =
          graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input(second)));

      assertRefused(
          graph,
          List.of(graph.images, other),
          List.of(sum),
          "Mul (Mul): it is computed in floats, before anything is quantized; let the input be session.graph().outputOrThrow(\"Mul:0\"), and compute what comes before it yourself");
      assertThat(
              names(assertSameOutputs(graph, List.of(graph.images, scaled), List.of(sum)).inputs()))
          .containsExactly("images", "Mul")
          .inOrder();
    }
  }

  /** Shapes are inferred for a batch of all inputs. */
  @Test
  void shapesThatAreComputedFromBothInputs() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4)) {
      Operand<TFloat32> other = placeholder(graph, "other", 2, 8);
      Operand<TFloat32> flat =
          graph.tf.reshape(
              graph.images,
              graph.tf.concat(
                  List.of(
                      graph.tf.slice(graph.tf.shape(other), graph.tf.array(0), graph.tf.array(1)),
                      graph.tf.array(16)),
                  graph.tf.constant(0)));
      Operand<TFloat32> first =
          graph.layer(
              "first", KERNEL, OUTPUT, () -> graph.product(graph.input("x", INPUT, flat), 3));
      Operand<TFloat32> rows = graph.tf.reshape(other, graph.tf.array(-1, 16));
      Operand<TFloat32> second =
          graph.layer(
              "second", KERNEL, OUTPUT, () -> graph.product(graph.input("x", INPUT, rows), 3));

      assertSameOutputs(graph, List.of(graph.images, other), List.of(first, second));
    }
  }

  @Test
  void bothOutputsOfOneOpAsInputs() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 4)) {
      List<Operand<TFloat32>> parts =
          List.copyOf(graph.tf.split(graph.tf.constant(3), graph.images, 2L).output());
      Operand<TFloat32> sum =
          graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.math.add(
                      graph.input("left", INPUT, parts.get(0)),
                      graph.input("right", OUTPUT, parts.get(1))));

      IntegerModel model = assertSameOutputs(graph, parts, List.of(sum));

      assertThat(names(model.inputs())).containsExactly("Split", "Split_1").inOrder();
      assertThat(model.inputs().get(1).format()).isEqualTo(OUTPUT);
      assertFails(
          graph,
          parts.subList(0, 1),
          List.of(sum),
          "the inputs of a model must be all that it is given, but sum/SlimQuant/right reads Split:1 beside Split; list both as inputs, or give an input behind them, which is computed from both");
    }
  }

  @Test
  void listsThatAreNoEnds() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, SHAPE)) {
      Operand<TFloat32> other = placeholder(graph, "other", SHAPE);
      Operand<TFloat32> y = graph.conv("first", graph.images, 4);
      Operand<TFloat32> z =
          graph.layer("second", KERNEL, OUTPUT, () -> graph.conv(graph.input("x", INPUT, other)));

      assertFails(
          graph,
          List.of(),
          List.of(y),
          "a model must have an input, but the list of inputs is empty; list one");
      assertFails(
          graph,
          List.of(graph.images),
          List.of(),
          "a model must have an output, but the list of outputs is empty; list one");
      assertFails(
          graph,
          List.of(graph.images),
          List.of(y, y),
          "the outputs of a model must be different tensors, but first/SlimQuant/output is listed twice; list it once");
      assertFails(
          graph,
          List.of(graph.images, graph.graph.outputOrThrow("first/SlimQuant/images:0")),
          List.of(y),
          "the inputs of a model must be different tensors, but images is listed twice; list it once");
      assertFails(
          graph,
          List.of(graph.images, other),
          List.of(y, graph.pool(y)),
          "each input must reach an output, but none of first/SlimQuant/output, MaxPool depends on other; leave it out, or give an output that is computed from it");
      assertFails(
          graph,
          List.of(graph.images),
          List.of(y, graph.tf.constant(1f)),
          "each output must depend on an input, but Const_5 depends on none; leave it out");
      assertFails(
          graph,
          List.of(graph.images),
          List.of(y, z),
          "each output must depend on an input, but second/SlimQuant/output depends on none; leave it out, or list other as an input");
      assertSameOutputs(graph, List.of(graph.images, other), List.of(y, z));
    }
  }
}
