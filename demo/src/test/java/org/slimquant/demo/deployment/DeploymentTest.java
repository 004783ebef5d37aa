package org.slimquant.demo.deployment;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.models.ShippedPlans;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/** The checks of right integers pass, and those of wrong integers fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeploymentTest {

  private static final LabelledImages IMAGES = Digits.load().test().first(20);

  private final Graph graph = new Graph();
  private QuantizationPlan plan;
  private Classifier classifier;
  private IntegerModel model;

  @BeforeAll
  void compile() {
    InitialValues.allow(graph);
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, ShippedPlans.leNet());
    classifier =
        new Classifier(
            graph,
            IMAGES.imageShape(),
            new QuantizedLeNet(Ops.create(graph), 1, quantizer)::logits,
            new Training(1, 32, 0.001f, 1, 1));
    plan = quantizer.plan();
    model = classifier.compile("lenet", plan);
  }

  @AfterAll
  void close() {
    classifier.close();
    graph.close();
  }

  @Test
  void withoutACompiler(@TempDir Path folder) throws IOException {
    Deployed deployed =
        new Deployment(folder, IMAGES, Optional.empty()).run("lenet", classifier, plan);

    assertThat(deployed.figures().cDifferingCodes()).isNull();
    assertThat(deployed.checks().stream().filter(Check::holds)).hasSize(5);
    assertThat(deployed.checks().stream().filter(check -> !check.holds()).map(Check::toString))
        .containsExactly(
            "skipped the exported C passes its own test of every tensor: there is no C compiler on"
                + " the path",
            "skipped the exported C computes the engine's codes: there is no C compiler on the"
                + " path")
        .inOrder();
    assertThat(Files.exists(folder.resolve("c/lenet.c"))).isTrue();
  }

  @Test
  void compilerThatIsNotThere() {
    assertThat(new CCompiler("no_such_compiler").isThere()).isFalse();
  }

  @Test
  void integersThatAreNotTheGraphs() {
    CodeCheck comparison = CodeCheck.of(classifier, IntegerEngine.of(biased(model)), IMAGES);

    assertThat(comparison.differing()).isEqualTo(20);
    assertThat(comparison.check())
        .isEqualTo(
            Check.failed(
                "the integer engine computes TensorFlow's codes in every tensor",
                "8 tensors, 43,720 codes, 20 differ, 20 in dense2/SlimQuant/output"));
  }

  @Test
  void cThatIsNotTheEngines(@TempDir Path folder) throws IOException {
    CFiles files = CExporter.write(biased(model), folder);
    IntegerEngine engine = IntegerEngine.of(model);
    int[] input = engine.quantize(IMAGES.pixels());

    CTrial trial = CTrial.of(compiler(), files, model, input, engine.run(input));

    assertThat(trial.differing()).isEqualTo(20);
    assertThat(trial.checks())
        .containsExactly(
            Check.passed(
                "the exported C passes its own test of every tensor",
                "lenet: 7 tensors of 4 examples, 0 differ"),
            Check.failed(
                "the exported C computes the engine's codes", "200 codes of the output, 20 differ"))
        .inOrder();
  }

  @Test
  void cThatDoesNotCompile(@TempDir Path folder) throws IOException {
    CFiles files = CExporter.write(model, folder);
    Files.writeString(files.source(), "#error broken\n");
    IntegerEngine engine = IntegerEngine.of(model);
    int[] input = engine.quantize(IMAGES.pixels());

    CTrial trial = CTrial.of(compiler(), files, model, input, engine.run(input));

    assertThat(trial.differing()).isEqualTo(200);
    assertThat(trial.checks().stream().filter(Check::fails)).hasSize(2);
    assertThat(trial.checks().get(1).fact()).contains("broken");
  }

  @Test
  void onnxThatIsNotTheEngines(@TempDir Path folder) throws IOException {
    OnnxFiles files = OnnxFiles.in(folder, "biased");
    OnnxExporter.write(biased(model), files.operators());
    OnnxExporter.write(biased(model), files.vnniOrArm(), OnnxForm.QOPERATOR_VNNI_OR_ARM);
    OnnxExporter.write(biased(model), files.qdq(), OnnxForm.QDQ);

    OnnxTrial trial = OnnxTrial.of(files, IntegerEngine.of(model), IMAGES);

    assertThat(trial.differing()).isEqualTo(40);
    assertThat(trial.check().fails()).isTrue();
    assertThat(trial.check().toString())
        .startsWith(
            "FAILED  ONNX Runtime computes the engine's codes: 200 codes of the output of %s, 20"
                .formatted(files.operators()));
  }

  @Test
  void theFormThatIsTimedIsTheOneForThisProcessor(@TempDir Path folder)
      throws IOException, OrtException {
    OnnxTrial trial = OnnxTrial.write(IntegerEngine.of(model), folder, IMAGES);

    assertThat(trial.kind()).isEqualTo(OnnxProcessor.here());
    assertThat(trial.form()).isEqualTo(OnnxProcessor.here().recommended().name());
    assertThat(trial.speedup()).isGreaterThan(0.0);
    assertThat(trial.processor()).startsWith("this processor: ONNX Runtime");
    assertThat(trial.differing()).isEqualTo(0);
  }

  @Test
  void onnxThatDoesNotLoad(@TempDir Path folder) throws IOException {
    OnnxFiles files = OnnxFiles.in(folder, "lenet");
    Files.writeString(files.operators(), "broken");
    OnnxExporter.write(model, files.vnniOrArm(), OnnxForm.QOPERATOR_VNNI_OR_ARM);
    OnnxExporter.write(model, files.qdq(), OnnxForm.QDQ);

    OnnxTrial trial = OnnxTrial.of(files, IntegerEngine.of(model), IMAGES);

    assertThat(trial.differing()).isEqualTo(200);
    assertThat(trial.speedup()).isNull();
    assertThat(trial.check().fails()).isTrue();
  }

  @Test
  void codesThatOnnxsIntegerOpsDoNotHave(@TempDir Path folder) throws IOException {
    OnnxTrial trial = OnnxTrial.write(IntegerEngine.of(widened(model)), folder, IMAGES);

    assertThat(trial.differing()).isNull();
    assertThat(trial.speedup()).isNull();
    assertThat(trial.check().toString())
        .isEqualTo(
            "skipped ONNX Runtime computes the engine's codes: tensor dense2/SlimQuant/output must"
                + " have at most 8 bits, because ONNX's integer ops have no more, but has 16; write"
                + " OnnxForm.QDQ");
    assertThat(Files.exists(folder.resolve("lenet.onnx"))).isFalse();
    assertThat(Files.exists(folder.resolve("lenet_vnni_or_arm.onnx"))).isFalse();
    assertThat(Files.exists(folder.resolve("lenet_qdq.onnx"))).isTrue();
  }

  @Test
  void theFloatNetworkComputesTheFloatsOfTheGraph(@TempDir Path folder)
      throws IOException, OrtException {
    Path file = folder.resolve("lenet_qdq.onnx");
    OnnxExporter.write(model, file, OnnxForm.QDQ);
    ModelProto floats = FloatOnnx.of(ModelProto.parseFrom(Files.readAllBytes(file)));
    float[] expected = classifier.logits(IMAGES);

    try (OnnxSession session = new OnnxSession(floats.toByteArray(), model.input().shape())) {
      float[] computed = session.run(IMAGES.pixels());
      for (int i = 0; i < expected.length; i++) {
        // Floats are not rounded between layers, so they are within two steps of the output, whose
        // step is 1/4.
        assertThat(computed[i]).isWithin(0.5f).of(expected[i]);
      }
      assertThat(computed).isNotEqualTo(expected);
    }
  }

  @Test
  void theCallThatTheDocumentsShow(@TempDir Path folder) throws IOException {
    CFiles files = CExporter.write(model, folder);
    String page = Files.readString(Path.of("..", "docs", "c.md"));
    int start = page.indexOf("```c\n") + "```c\n".length();
    Path source =
        Files.writeString(
            folder.resolve("call.c"),
            page.substring(start, page.indexOf("```", start))
                + "int main(void)\n{\n    classify();\n    return scores[0];\n}\n");
    Path program = folder.toAbsolutePath().resolve("call");

    compiler().compile(program, source, files.source());

    // An untrained network has no biases yet: the scores of a black image are 0.
    assertThat(CCompiler.run(program.toString())).isEmpty();
  }

  /** Returns the model with scores of 16 bits. */
  private static IntegerModel widened(IntegerModel model) {
    List<IntegerOp> ops = new ArrayList<>(model.ops());
    Dense last = (Dense) ops.remove(ops.size() - 1);
    IntegerTensor output =
        new IntegerTensor(
            last.output().name(),
            last.output().shape(),
            FixedPoint.signed(16, last.output().format().frac()));
    ops.add(
        new Dense(
            last.name(),
            last.input(),
            last.kernel(),
            last.bias(),
            CodeRange.all(output.format()),
            output));
    return new IntegerModel(model.name(), model.input(), output, ops);
  }

  private static CCompiler compiler() {
    Optional<CCompiler> compiler = CCompiler.find();
    assumeTrue(compiler.isPresent(), "there is no C compiler on the path");
    return compiler.get();
  }

  /** Returns the model with another bias for the last score. */
  private static IntegerModel biased(IntegerModel model) {
    List<IntegerOp> ops = new ArrayList<>(model.ops());
    Dense last = (Dense) ops.remove(ops.size() - 1);
    int[] bias = last.bias().toArray();
    bias[bias.length - 1] += 1 << 20;
    ops.add(
        new Dense(
            last.name(), last.input(), last.kernel(), Codes.of(bias), last.range(), last.output()));
    return new IntegerModel(model.name(), model.input(), model.output(), ops);
  }
}
