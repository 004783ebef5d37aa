package org.slimquant.demo.measures;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.demo.measures.Series.Run;

final class SeriesTest {

  private final Series series = Series.of(List.of(run(7, 0.5), run(8, 0.75)));

  @Test
  void tableHasARowForEachSeedAndTheSpreadBelow() {
    assertThat(series.toString())
        .isEqualTo(
            """
            seed                float   PTQ     QAT     float, trained on
            ------------------  ------  ------  ------  -----------------
            7                   0.5000  0.2500  0.1250  0.6250
            8                   0.7500  0.3750  0.1875  0.9375
            mean                0.6250  0.3125  0.1563  0.7813
            standard deviation  0.1768  0.0884  0.0442  0.2210""");
  }

  @Test
  void deviationIsThatOfASample() {
    assertThat(Spread.of(1, 2, 3, 6)).isEqualTo(new Spread(3, Math.sqrt(14.0 / 3)));
    assertThat(Spread.of(5)).isEqualTo(new Spread(5, 0));
  }

  @Test
  void fileHasTheSpreadAndEachRun(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("summary.json");
    series.write(file);

    JsonObject written = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertThat(written.getAsJsonObject("quantizedAccuracy").get("mean").getAsDouble())
        .isEqualTo(0.15625);
    assertThat(written.getAsJsonObject("ptqAccuracy").get("standardDeviation").getAsDouble())
        .isEqualTo(series.ptqAccuracy().standardDeviation());
    JsonObject second = written.getAsJsonArray("runs").get(1).getAsJsonObject();
    assertThat(second.get("seed").getAsLong()).isEqualTo(8);
    assertThat(second.getAsJsonObject("summary").get("floatAccuracy").getAsDouble())
        .isEqualTo(0.75);
    JsonObject summary = second.getAsJsonObject("summary");
    assertThat(summary.has("integers")).isFalse();
    assertThat(summary.get("integerAccuracy").getAsDouble()).isEqualTo(0.1875);
    assertThat(summary.get("comparedCodes").getAsLong()).isEqualTo(1000);
    assertThat(summary.get("cDifferingCodes").isJsonNull()).isTrue();
  }

  private static Run run(long seed, double accuracy) {
    return new Run(
        seed,
        new Summary(
            5,
            2,
            accuracy,
            accuracy / 2,
            accuracy / 4,
            accuracy * 1.25,
            1,
            1,
            List.of(),
            true,
            "report.html",
            new Integers(accuracy / 4, 1000, 0, true, 600, 70, null, 0L, null, null, null)));
  }

  @Test
  void permissionsOfAnyNewFile(@TempDir Path folder) throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path written = folder.resolve("summary.json");
    Path other = Files.createFile(folder.resolve("other"));

    series.write(written);

    assertThat(Files.getPosixFilePermissions(written))
        .isEqualTo(Files.getPosixFilePermissions(other));
  }
}
