package org.slimquant.demo.models;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.data.NoiseImages;
import org.slimquant.demo.deployment.CCompiler;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Trainer;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.examples.models.QuantizedAttentionNet;
import org.slimquant.examples.models.QuantizedFashionNet;
import org.slimquant.examples.models.QuantizedGatedRecurrentNet;
import org.slimquant.examples.models.QuantizedInvertedResidualNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.examples.models.QuantizedNormalizedResidualNet;
import org.slimquant.examples.models.QuantizedPerChannelSeparableNet;
import org.slimquant.examples.models.QuantizedPerceptron;
import org.slimquant.examples.models.QuantizedResidualNet;
import org.slimquant.examples.models.QuantizedSeparableNet;
import org.slimquant.examples.models.QuantizedSqueezeExciteNet;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.WeightedOp;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Tests that every code of the example networks as integers is the one that TensorFlow computes.
 */
final class IntegerModelsTest {

  private static final Training TRAINING = new Training(1, 32, 0.003f, 1, 1);
  private static final int RANDOM_EXAMPLES = 100;
  private static final Digits DIGITS = Digits.load();
  private static final PrintStream OUT =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  /** Adds a generated model to a graph, and returns the function from images to logits. */
  private interface Model {
    UnaryOperator<Operand<TFloat32>> create(Ops tf, long seed, GraphQuantizer quantizer);
  }

  /** A network, and whether it takes images of the size of Fashion-MNIST's. */
  private record Network(String name, boolean large, Model model) {

    /**
     * Returns digits, or noise of the size of Fashion-MNIST, whose images are not in the
     * repository.
     */
    LabelledImages images() {
      return large ? NoiseImages.images(64) : DIGITS.test();
    }

    UnaryOperator<Operand<TFloat32>> model(Ops tf, GraphQuantizer quantizer) {
      return model.create(tf, TRAINING.seed(), quantizer);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Network> networks() {
    return Stream.of(
        new Network("LeNet", false, (tf, seed, q) -> new QuantizedLeNet(tf, seed, q)::logits),
        new Network(
            "FashionNet", true, (tf, seed, q) -> new QuantizedFashionNet(tf, seed, q)::logits),
        new Network(
            "Perceptron", false, (tf, seed, q) -> new QuantizedPerceptron(tf, seed, q)::logits),
        new Network(
            "SeparableNet",
            true,
            (tf, seed, q) -> new QuantizedSeparableNet(tf, seed, false, q)::logits),
        new Network(
            "PerChannelSeparableNet",
            true,
            (tf, seed, q) -> new QuantizedPerChannelSeparableNet(tf, seed, false, q)::logits),
        new Network(
            "NormalizedResidualNet",
            true,
            (tf, seed, q) -> new QuantizedNormalizedResidualNet(tf, seed, false, q)::logits),
        new Network(
            "InvertedResidualNet",
            true,
            (tf, seed, q) -> new QuantizedInvertedResidualNet(tf, seed, false, q)::logits),
        new Network(
            "SqueezeExciteNet",
            true,
            (tf, seed, q) -> new QuantizedSqueezeExciteNet(tf, seed, false, q)::logits),
        new Network(
            "AttentionNet", false, (tf, seed, q) -> new QuantizedAttentionNet(tf, seed, q)::logits),
        new Network(
            "GatedRecurrentNet",
            false,
            (tf, seed, q) -> new QuantizedGatedRecurrentNet(tf, seed, 8, q)::logits),
        new Network(
            "ResidualNet", false, (tf, seed, q) -> new QuantizedResidualNet(tf, seed, q)::logits));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theIntegersAreThoseOfTheGraph(Network network, @TempDir Path folder) throws Exception {
    LabelledImages images = network.images();
    QuantizationPlan calibrated = calibrate(network, images);
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, calibrated);
      UnaryOperator<Operand<TFloat32>> model = network.model(Ops.create(graph), quantizer);
      try (Classifier classifier = new Classifier(graph, images.imageShape(), model, TRAINING)) {
        assertSame(classifier, quantizer.plan(), images);
        if (!network.large) {
          new Trainer("training", TRAINING, OUT).train(List.of(classifier), DIGITS.training());
        }
        IntegerModel trained = assertSame(classifier, quantizer.plan(), images);

        classifier.save(folder.resolve("saved"));
        quantizer.plan().write(folder.resolve("plan.txtpb"));
        assertThat(load(folder, trained.output().name())).isEqualTo(trained);
        assertThat(ExactnessCertificate.of(trained).exact()).isTrue();
        assertSameInC(trained, folder);
        assertSameInOnnxRuntime(trained, images, folder);
        trained.write(folder.resolve("model.slmq"));
        assertThat(IntegerModel.read(folder.resolve("model.slmq"))).isEqualTo(trained);
      }
    }
  }

  private static QuantizationPlan calibrate(Network network, LabelledImages images) {
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      UnaryOperator<Operand<TFloat32>> model = network.model(Ops.create(graph), quantizer);
      try (Classifier classifier = new Classifier(graph, images.imageShape(), model, TRAINING)) {
        return classifier.calibrate(quantizer, images.batches(128), batches -> {});
      }
    }
  }

  private static IntegerModel load(Path folder, String output) throws Exception {
    try (SavedModelBundle bundle =
        SavedModelBundle.load(folder.resolve("saved").toString(), SavedModelBundle.DEFAULT_TAG)) {
      return IntegerCompiler.compile(
          bundle.session(),
          QuantizationPlan.read(folder.resolve("plan.txtpb")),
          bundle.graph().outputOrThrow("images"),
          bundle.graph().outputOrThrow(output));
    }
  }

  /** Checks every tensor that the model shares with the graph, and that the model has all sites. */
  private static IntegerModel assertSame(
      Classifier classifier, QuantizationPlan plan, LabelledImages images) {
    Graph graph = classifier.session().graph();
    String output = plan.sites().get(plan.sites().size() - 1).name();
    IntegerModel model =
        IntegerCompiler.compile(
            classifier.session(), plan, graph.outputOrThrow("images"), graph.outputOrThrow(output));
    IntegerEngine engine = IntegerEngine.of(model);
    List<IntegerTensor> tensors =
        model.tensors().stream().filter(tensor -> Classifier.computes(tensor.name())).toList();
    List<String> names = tensors.stream().map(IntegerTensor::name).toList();
    List<float[]> numbers = classifier.fetch(names, images);
    Map<String, int[]> codes = engine.trace(engine.quantize(numbers.get(0)));
    Map<String, Long> differences = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      IntegerTensor tensor = tensors.get(i);
      int[] computed = Objects.requireNonNull(codes.get(tensor.name()));
      long differing = differing(tensor.format(), numbers.get(i), computed);
      if (differing > 0) {
        differences.put(tensor.name(), differing);
      }
    }
    assertWithMessage("differing codes of\n%s", model).that(differences).isEmpty();
    assertThat(names)
        .containsAtLeastElementsIn(
            plan.sites().stream()
                .filter(site -> site.kind() == Kind.OUTPUT)
                .map(Site::name)
                .toList());
    // A kernel that several calls share is one tensor.
    assertThat(model.layers().stream().map(WeightedOp::kernel).distinct().toList())
        .hasSize((int) plan.sites().stream().filter(site -> site.kind() == Kind.KERNEL).count());
    return model;
  }

  private static void assertSameInC(IntegerModel model, Path folder) throws IOException {
    CFiles files = CExporter.write(model, folder.resolve("c"));
    Optional<CCompiler> compiler = CCompiler.find();
    if (compiler.isPresent()) {
      assertThat(compiler.get().test(files)).endsWith(" 0 differ");
    } else {
      System.out.println("skipped: there is no C compiler to try " + files.source());
    }
  }

  private static void assertSameInOnnxRuntime(
      IntegerModel model, LabelledImages images, Path folder) throws IOException, OrtException {
    for (float[] examples : List.of(OnnxCodes.random(model, RANDOM_EXAMPLES), images.pixels())) {
      for (OnnxForm form : List.of(OnnxForm.QOPERATOR, OnnxForm.QOPERATOR_VNNI_OR_ARM)) {
        assertWithMessage("differing codes of %s as %s", model.name(), form)
            .that(OnnxCodes.of(model, form, examples, folder).differing())
            .isEmpty();
      }
      // The input of the first layer is exact. One of 2^s of its sums is a tie.
      IntegerTensor first = model.ops().get(0).output();
      long ties =
          OnnxCodes.of(model, OnnxForm.QDQ, examples, folder)
              .differing()
              .getOrDefault(first.name(), 0L);
      long codes = (long) examples.length / model.input().size() * first.size();
      assertThat((double) ties / codes).isLessThan(1.0 / 128);
    }
  }

  private static long differing(FixedPoint format, float[] numbers, int[] codes) {
    return IntStream.range(0, codes.length)
        .filter(i -> format.quantize(numbers[i]) != codes[i])
        .count();
  }
}
