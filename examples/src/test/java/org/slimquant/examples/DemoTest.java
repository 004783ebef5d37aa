package org.slimquant.examples;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.examples.measures.Check;
import org.slimquant.examples.measures.Outcome;
import org.slimquant.examples.training.Training;

/** The whole path, with fewer steps than the demo takes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoTest {

  private static final Training SHORT = new Training(20, 32, 0.001f, 1, 1);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Outcome outcome;
  private Path folder;

  @BeforeAll
  void runDemo(@TempDir Path folder) throws IOException {
    this.folder = folder;
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      outcome = Demo.run(folder, SHORT, out);
    }
  }

  @Test
  void bothModelsLearn() {
    assertThat(outcome.summary().floatAccuracy()).isAtLeast(0.95);
    assertThat(outcome.summary().quantizedAccuracy()).isAtLeast(0.95);
  }

  @Test
  void theChecksOfTheGraphHold() {
    assertThat(outcome.checks().stream().filter(Check::holds).map(Check::rule))
        .containsAtLeast(
            "every quantized tensor holds only multiples of its step within its codes",
            "no op reads a quantized tensor around its fake quant",
            "the saved model, loaded again, computes the same logits bit for bit");
  }

  @Test
  void summaryHasTheFigures() throws IOException {
    JsonObject summary =
        JsonParser.parseString(Files.readString(folder.resolve("summary.json"))).getAsJsonObject();

    assertThat(summary.get("floatAccuracy").getAsDouble())
        .isEqualTo(outcome.summary().floatAccuracy());
    assertThat(summary.get("quantizedAccuracy").getAsDouble())
        .isEqualTo(outcome.summary().quantizedAccuracy());
    assertThat(summary.get("floatStepMillis").getAsDouble()).isGreaterThan(0);
    assertThat(summary.get("quantizedStepMillis").getAsDouble()).isGreaterThan(0);
    assertThat(summary.get("savedModelIdentical").getAsBoolean()).isTrue();
    List<String> sites =
        summary.getAsJsonArray("sites").asList().stream().map(DemoTest::site).toList();
    assertThat(sites)
        .containsExactly(
            "conv1/SlimQuant/images 8 -4 true",
            "conv1/SlimQuant/kernel 8 -6 true",
            "conv1/SlimQuant/bias 32 -10 true",
            "conv1/SlimQuant/output 8 -5 true",
            "conv2/SlimQuant/kernel 8 -7 true",
            "conv2/SlimQuant/bias 32 -12 true",
            "conv2/SlimQuant/output 8 -4 true",
            "dense1/SlimQuant/kernel 8 -7 true",
            "dense1/SlimQuant/bias 32 -11 true",
            "dense1/SlimQuant/output 8 -3 true",
            "dense2/SlimQuant/kernel 8 -7 true",
            "dense2/SlimQuant/bias 32 -10 true",
            "dense2/SlimQuant/output 8 -2 true")
        .inOrder();
  }

  @Test
  void nothingUnfinishedIsLeftBehind() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly("saved_model", "summary.json");
    }
  }

  @Test
  void everyTensorAndEveryCheckIsPrinted() {
    String text = printed.toString(StandardCharsets.UTF_8);
    outcome
        .summary()
        .sites()
        .forEach(site -> assertWithMessage(text).that(text).contains("\n" + site.name()));
    assertThat(text).contains("model  accuracy  loss    time per step\n");
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
    return "%s %d %d %b"
        .formatted(
            site.get("name").getAsString(),
            site.get("bits").getAsInt(),
            site.get("frac").getAsInt(),
            site.get("signed").getAsBoolean());
  }
}
