package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonArray;
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
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slimquant.demo.data.FashionMnistFolder;
import org.slimquant.demo.data.NoiseImages;
import org.slimquant.plan.QuantizationPlan;
import picocli.CommandLine;

final class FashionMnistTest {

  private final StringWriter errors = new StringWriter();

  @Test
  void folderWithoutFiles(@TempDir Path folder) {
    assertThat(run(folder.toString())).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo(
            "the data set must have the file "
                + folder.resolve("train-images-idx3-ubyte.gz")
                + ", but it is not there; put the four original .gz files of Fashion-MNIST there;"
                + " Debian's package dataset-fashion-mnist has them in"
                + " /usr/share/datasets/fashion-mnist"
                + System.lineSeparator());
  }

  @Test
  void noThreads(@TempDir Path folder) {
    assertThat(run(folder.toString(), "--threads=0")).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo("threads must be at least 1, but is 0" + System.lineSeparator());
  }

  @Test
  void epochsThatAreNoNumber() {
    assertThat(run("folder", "--epochs=many")).isEqualTo(2);
    assertThat(errors.toString()).contains("Invalid value for option '--epochs'");
  }

  @Test
  void noSeeds(@TempDir Path folder) {
    assertThat(run(folder.toString(), "--seeds=0")).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo("seeds must be at least 1, but is 0" + System.lineSeparator());
  }

  /** {@code IntegerModelsTest} takes the other networks to integers. */
  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "SEPARABLE", "SEPARABLE_PER_CHANNEL"})
  void severalSeeds(FashionNetwork network, @TempDir Path folder) throws IOException {
    FashionMnist program = new FashionMnist();
    new CommandLine(program)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(
            "--network=" + network.name().toLowerCase(Locale.ROOT),
            "--seed=3",
            "--seeds=2",
            "--epochs=2",
            "--fine-tuning-epochs=1",
            "--batch=16",
            "--threads=1",
            "--output=" + folder);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      assertThat(
              program.run(
                  new FashionMnistFolder(NoiseImages.images(64), NoiseImages.images(32)), out))
          .isTrue();
    }

    JsonObject summary =
        JsonParser.parseString(Files.readString(folder.resolve("summary.json"))).getAsJsonObject();
    JsonArray runs = summary.getAsJsonArray("runs");
    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).getAsJsonObject().get("seed").getAsLong()).isEqualTo(3);
    assertThat(runs.get(1).getAsJsonObject().get("seed").getAsLong()).isEqualTo(4);
    assertThat(summary.getAsJsonObject("ptqAccuracy").get("mean").getAsDouble())
        .isWithin(1e-9)
        .of((ptqAccuracy(runs.get(0)) + ptqAccuracy(runs.get(1))) / 2);
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("\nstandard deviation  ");
    String plan = network.network().planFile();
    assertThat(QuantizationPlan.read(folder.resolve(plan)).sites()).isNotEmpty();
    // The plan of the previous seed is not the plan of an earlier run.
    assertThat(Files.readString(folder.resolve("report.html"))).doesNotContain("older plan");
  }

  private static double ptqAccuracy(JsonElement run) {
    return run.getAsJsonObject().getAsJsonObject("summary").get("ptqAccuracy").getAsDouble();
  }

  private int run(String... arguments) {
    return FashionMnist.command().setErr(new PrintWriter(errors)).execute(arguments);
  }
}
