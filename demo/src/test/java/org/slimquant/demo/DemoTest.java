package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.deployment.CCompiler;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.measures.Integers;
import org.slimquant.demo.measures.Outcome;
import org.slimquant.demo.measures.Summary;
import org.slimquant.demo.models.ShippedPlans;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.examples.models.LeNet;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

/** Tests the whole path, with fewer training steps than the demo. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoTest {

  private static final String PLAN = LeNet.class.getName() + ".plan.txtpb";
  private static final String CHANGED = "dense2/SlimQuant/kernel";
  private static final Training SHORT = new Training(20, 32, 0.001f, 1, 1);
  private static final Training SHORTER = SHORT.with(3, 0.0002f);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Outcome outcome;
  private Path folder;

  @BeforeAll
  void runDemo(@TempDir Path folder) throws IOException {
    this.folder = folder;
    older().write(folder.resolve(PLAN));
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      outcome = Demo.run(folder, SHORT, SHORTER, out);
      outcome.report(out);
    }
  }

  /** Returns the plan that comes with the example, with another step for one kernel. */
  private static QuantizationPlan older() {
    QuantizationPlan plan = ShippedPlans.leNet();
    return new QuantizationPlan(
        plan.sites().stream()
            .map(
                site ->
                    site.name().equals(CHANGED)
                        ? new Site(
                            site.name(),
                            site.kind(),
                            site.tensor(),
                            FixedPoint.signed(8, -2),
                            new Source.Hand(),
                            Optional.empty())
                        : site)
            .toList(),
        plan.remarks());
  }

  @Test
  void allModelsLearn() {
    assertThat(outcome.summary().floatAccuracy()).isAtLeast(0.95);
    assertThat(outcome.summary().ptqAccuracy()).isAtLeast(0.95);
    assertThat(outcome.summary().quantizedAccuracy()).isAtLeast(0.95);
    assertThat(outcome.summary().trainedOnAccuracy()).isAtLeast(0.95);
  }

  @Test
  void theChecksOfTheGraphHold() {
    assertThat(outcome.checks().stream().filter(Check::holds).map(Check::rule))
        .containsAtLeast(
            "every quantized tensor holds only multiples of its step within its codes",
            "no op reads a quantized tensor around its fake quant",
            "no op that is trained through has a wrong gradient",
            "the saved model, loaded again, computes the same logits bit for bit");
  }

  @Test
  void summaryHasTheFigures() throws IOException {
    JsonObject summary =
        JsonParser.parseString(Files.readString(folder.resolve("summary.json"))).getAsJsonObject();

    assertThat(summary.get("floatAccuracy").getAsDouble())
        .isEqualTo(outcome.summary().floatAccuracy());
    assertThat(summary.get("ptqAccuracy").getAsDouble()).isEqualTo(outcome.summary().ptqAccuracy());
    assertThat(summary.get("trainedOnAccuracy").getAsDouble())
        .isEqualTo(outcome.summary().trainedOnAccuracy());
    assertThat(summary.get("quantizedAccuracy").getAsDouble())
        .isEqualTo(outcome.summary().quantizedAccuracy());
    assertThat(summary.get("floatStepMillis").getAsDouble()).isGreaterThan(0);
    assertThat(summary.get("quantizedStepMillis").getAsDouble()).isGreaterThan(0);
    assertThat(summary.get("savedModelIdentical").getAsBoolean()).isTrue();
    assertThat(summary.get("integerAccuracy").getAsDouble())
        .isEqualTo(outcome.summary().integers().integerAccuracy());
    assertThat(summary.get("differingCodes").getAsLong()).isEqualTo(0);
    assertThat(summary.get("certified").getAsBoolean()).isTrue();
    assertThat(summary.get("flashBytes").getAsLong()).isGreaterThan(0);
    assertThat(summary.get("ramBytes").getAsLong()).isGreaterThan(0);
    assertThat(summary.has("cDifferingCodes")).isTrue();
    assertThat(summary.get("onnxDifferingCodes").getAsLong()).isEqualTo(0);
    assertThat(summary.get("onnxSpeedup").getAsDouble()).isGreaterThan(0);
    assertThat(summary.get("onnxForm").getAsString())
        .isEqualTo(outcome.summary().integers().onnxForm());
    assertThat(summary.get("onnxProcessor").getAsString()).startsWith("this processor: ");
    assertThat(summary.get("reportPath").getAsString())
        .isEqualTo(folder.resolve("report.html").toString());
    List<String> sites =
        summary.getAsJsonArray("sites").asList().stream().map(DemoTest::site).toList();
    assertThat(sites)
        .containsExactly(
            "conv1/SlimQuant/images 8 false calibration by MIN_MSE",
            "conv1/SlimQuant/kernel 8 true calibration by MIN_MSE",
            "conv1/SlimQuant/bias 32 true derived",
            "conv1/SlimQuant/output 8 false calibration by MIN_MSE",
            "conv2/SlimQuant/kernel 8 true calibration by MIN_MSE",
            "conv2/SlimQuant/bias 32 true derived",
            "conv2/SlimQuant/output 8 false calibration by MIN_MSE",
            "dense1/SlimQuant/kernel 8 true calibration by MIN_MSE",
            "dense1/SlimQuant/bias 32 true derived",
            "dense1/SlimQuant/output 8 false calibration by MIN_MSE",
            "dense2/SlimQuant/kernel 8 true calibration by MIN_MSE",
            "dense2/SlimQuant/bias 32 true derived",
            "dense2/SlimQuant/output 8 true calibration by MIN_MSE")
        .inOrder();
  }

  @Test
  void theIntegersAreThoseThatWereTrained() throws IOException {
    Integers integers = outcome.summary().integers();
    IntegerModel model = IntegerModel.read(folder.resolve("lenet.slmq"));
    Digits digits = Digits.load();
    int codesOfAnImage = model.tensors().stream().mapToInt(IntegerTensor::size).sum();

    assertThat(integers.integerAccuracy()).isEqualTo(outcome.summary().quantizedAccuracy());
    assertThat(integers.comparedCodes()).isEqualTo((long) digits.test().size() * codesOfAnImage);
    assertThat(integers.differingCodes()).isEqualTo(0);
    assertThat(integers.certified()).isTrue();
    assertThat(integers.flashBytes()).isEqualTo(CExporter.footprint(model).constantBytes());
    assertThat(integers.ramBytes()).isEqualTo(CExporter.footprint(model).arenaBytes());
    assertThat(integers.cDifferingCodes()).isEqualTo(CCompiler.find().isEmpty() ? null : 0L);
    assertThat(integers.onnxDifferingCodes()).isEqualTo(0);
    assertThat(integers.onnxSpeedup()).isGreaterThan(0);
    assertThat(Files.readString(folder.resolve("certificate.txt")))
        .startsWith("Model lenet is EXACT");
    assertThat(outcome.checks().stream().filter(Check::fails)).isEmpty();
  }

  @Test
  void summaryHasTheFormatsOfThePlanAndWhatTheyLose() throws IOException {
    Map<String, Integer> planned =
        QuantizationPlan.read(folder.resolve(PLAN)).sites().stream()
            .collect(Collectors.toMap(Site::name, site -> site.format().fracs().get(0)));

    assertThat(planned).hasSize(9);
    for (Summary.Site site : outcome.summary().sites()) {
      if (!site.name().endsWith("bias")) {
        assertWithMessage(site.name()).that(site.frac()).isEqualTo(planned.get(site.name()));
      }
      assertWithMessage(site.name()).that(site.clippedShare()).isAtMost(0.01);
      if (site.name().equals("conv1/SlimQuant/images")) {
        // Pixels are multiples of 1/16.
        assertThat(site.sqnrDb()).isNull();
      } else {
        assertWithMessage(site.name()).that(site.sqnrDb()).isAtLeast(25.0);
      }
    }
  }

  @Test
  void theReportTellsAllThatIsKnown() throws IOException {
    String page = Files.readString(folder.resolve("report.html"));

    for (String part :
        List.of("Accuracy, float", "Accuracy, integer", "Certificate", "Flash", "Sensitivity")) {
      assertWithMessage(part).that(page).contains(part);
    }
    assertThat(page)
        .contains(
            String.format(Locale.ROOT, "%.4f", outcome.summary().integers().integerAccuracy()));
    assertThat(page).contains("Changes since the older plan");
    assertThat(page).contains("kernel int8 · 2⁻², from hand");
    assertThat(outcome.checks().stream().map(Check::toString))
        .contains(
            "ok      the report shows every quantized tensor: 13 tensors; open "
                + folder.resolve("report.html"));
  }

  @Test
  void nothingUnfinishedIsLeftBehind() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly(
              "c",
              "certificate.json",
              "certificate.txt",
              "checkpoint",
              "lenet.onnx",
              "lenet.slmq",
              "lenet_qdq.onnx",
              "lenet_vnni_or_arm.onnx",
              PLAN,
              "report.html",
              "saved_model",
              "summary.json",
              "tensorboard");
    }
  }

  @Test
  void filesHaveThePermissionsOfAnyNewFile(@TempDir Path elsewhere) throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path other = Files.createFile(elsewhere.resolve("other"));
    Set<PosixFilePermission> usual = Files.getPosixFilePermissions(other);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).filter(DemoTest::isOurs).toList()) {
        assertWithMessage("%s", file).that(Files.getPosixFilePermissions(file)).isEqualTo(usual);
      }
    }
  }

  private static boolean isOurs(Path file) {
    // A compiled file may be executable, too; checkpoints and SavedModels are TensorFlow's.
    return !Files.isExecutable(file) && !file.toString().matches(".*(checkpoint|saved_model).*");
  }

  @Test
  void everyTensorAndEveryStepIsPrinted() {
    String text = printed.toString(StandardCharsets.UTF_8);
    outcome
        .summary()
        .sites()
        .forEach(site -> assertWithMessage(text).that(text).contains("\n" + site.name()));
    for (String bar : List.of("training", "calibrating", "training on", "measuring")) {
      assertThat(text).contains("\n" + bar + " 100% [");
    }
    assertThat(text).contains("\n" + outcome.summary() + "\n");
  }

  @Test
  void folderThatIsAFile(@TempDir Path parent) throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    StringWriter errors = new StringWriter();

    assertThat(Demo.command().setErr(new PrintWriter(errors)).execute(file.toString()))
        .isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo(
            "%s must be a folder to write to, but is not (FileAlreadyExistsException)%n"
                .formatted(file));
  }

  private static String site(JsonElement element) {
    JsonObject site = element.getAsJsonObject();
    return "%s %d %b %s"
        .formatted(
            site.get("name").getAsString(),
            site.get("bits").getAsInt(),
            site.get("signed").getAsBoolean(),
            site.get("source").getAsString());
  }
}
