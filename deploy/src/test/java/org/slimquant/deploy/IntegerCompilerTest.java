package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.SameCodes.compare;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;
import static org.slimquant.deploy.testing.UsualLayers.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.GraphQuantizerForms;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.slimquant.runtime.SlimQuant;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Networks as users build them: the model that comes out, and its codes against TensorFlow's. */
final class IntegerCompilerTest {

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
  void kernelThatTwoLayersShare() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> kernel =
          graph.tf.withName("shared").variable(graph.kernel(KERNEL, 0.3, 8, 8));
      InitialValues.allow(graph.graph);
      Operand<TFloat32> first =
          graph.layer("first", graph.images, x -> graph.relu(graph.tf.linalg.matMul(x, kernel)));
      Operand<TFloat32> second =
          graph.layer("second", first, x -> graph.tf.linalg.matMul(x, kernel));

      IntegerModel model = assertSame(graph, second);

      assertThat(model.layer("first").kernel()).isEqualTo(model.layer("second").kernel());
    }
  }

  /** The names of calls are in the names of ops, and in those of the C that is made of them. */
  @Test
  void callsWithNames(@TempDir Path folder) throws IOException {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> first = GraphQuantizer.named("block1", () -> dense(graph, graph.images));
      Operand<TFloat32> second = GraphQuantizer.named("block2", () -> dense(graph, first));

      IntegerModel model = assertSame(graph, second);

      assertThat(model.ops().stream().map(IntegerOp::name).toList())
          .containsExactly("block1/dense", "block2/dense")
          .inOrder();
      assertThat(Files.readString(CExporter.write(model, folder).source()))
          .doesNotContain("block1/dense(");
    }
  }

  private static Operand<TFloat32> dense(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.layer(
        "dense",
        KERNEL,
        OUTPUT,
        () ->
            graph.product(x.equals(graph.images) ? graph.input("x", INPUT, x) : graph.input(x), 8));
  }

  @Test
  void variablesWithInitialValues() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4)) {
      Operand<TFloat32> kernel =
          graph
              .tf
              .withName("kernel")
              .variable(graph.tf.random.truncatedNormal(graph.tf.array(4, 4), TFloat32.class));
      Operand<TFloat32> output =
          graph.layer("dense", graph.images, x -> graph.tf.linalg.matMul(x, kernel));

      assertThat(assertThrows(IllegalStateException.class, () -> graph.compile(output)))
          .hasMessageThat()
          .isEqualTo(
              "the variables of a session must be restored, assigned or trained, but kernel still"
                  + " has the initial value; call session.restore(checkpoint) before, or, if the"
                  + " initial values are meant, InitialValues.allow(graph)");
      InitialValues.allow(graph.graph);
      assertThat(graph.compile(output).ops()).hasSize(1);
    }
  }

  @Test
  void variablesWithoutValues() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4)) {
      Operand<TFloat32> output =
          graph.layer(
              "dense",
              graph.images,
              x ->
                  graph.tf.nn.biasAdd(
                      graph.tf.linalg.matMul(
                          x, graph.tf.withName("kernel").variable(Shape.of(4, 4), TFloat32.class)),
                      graph.tf.withName("bias").variable(Shape.of(4), TFloat32.class)));

      assertThat(assertThrows(IllegalStateException.class, () -> graph.compile(output)))
          .hasMessageThat()
          .isEqualTo(
              "each variable that a session reads must have a value, but bias, kernel have none;"
                  + " initialise the session or restore a checkpoint into it before");
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
}
