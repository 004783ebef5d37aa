package org.slimquant.benchmarks.harness;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchmarkReportTest {

  private static final BenchmarkReport REPORT =
      new BenchmarkReport(
          List.of(),
          List.of(
              Figure.withGoal("kept", "x", new Quartiles(1, 1.04, 1.09), 1.05)
                  .elsewhere("a peer: 1.8"),
              Figure.withGoal("missed", "µs", new Quartiles(49, 50.5, 1234), 50),
              Figure.of("  context", "ms", new Quartiles(0.0123, 0.5, 12.34))));

  @Test
  void table() {
    assertThat(REPORT.text())
        .isEqualTo(
            """
            measure    median  quartiles       unit  goal      met  elsewhere
            ---------  ------  --------------  ----  --------  ---  -----------
            kept       1.040   1.000 .. 1.090  x     <= 1.050  yes  a peer: 1.8
            missed     50.5    49.0 .. 1,234   µs    <= 50.0   no
              context  0.500   0.012 .. 12.3   ms""");
  }

  @Test
  void goalIsKeptWhenReached() {
    assertThat(Figure.withGoal("", "x", Quartiles.of(1.1), 1.1).met()).isTrue();
  }

  @Test
  void json(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("results.json");
    REPORT.write(file);

    JsonObject run = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertThat(run.keySet())
        .containsExactly("java", "tensorflow", "os", "processors", "figures")
        .inOrder();
    JsonArray figures = run.getAsJsonArray("figures");
    assertThat(figures.get(0).toString())
        .isEqualTo(
            """
            {"name":"kept","unit":"x","value":1.04,"lowerQuartile":1.0,"upperQuartile":1.09,\
            "goal":1.05,"met":true,"elsewhere":"a peer: 1.8"}""");
    assertThat(figures.get(2).toString())
        .isEqualTo(
            """
            {"name":"context","unit":"ms","value":0.5,"lowerQuartile":0.0123,\
            "upperQuartile":12.34}""");
    assertThat(folder.toFile().list()).asList().containsExactly("results.json");
  }

  @Test
  void permissionsOfAnyNewFile(@TempDir Path folder) throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path written = folder.resolve("results.json");
    Path other = Files.createFile(folder.resolve("other"));

    REPORT.write(written);

    assertThat(Files.getPosixFilePermissions(written))
        .isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  void overview(@TempDir Path folder) throws IOException {
    Figure one = Figure.of("a, one thread", "ms", new Quartiles(1, 2, 3));
    Overview overview =
        new Overview(
            "Side by side",
            List.of("case", "a", "b"),
            List.of(
                new Overview.Row(List.of("one"), List.of(Optional.of(one), Optional.empty())),
                new Overview.Row(List.of("two"), List.of(Optional.empty(), Optional.of(one)))),
            List.of("A note."));
    BenchmarkReport report = new BenchmarkReport(List.of(overview), List.of(one));
    Path file = folder.resolve("results.json");

    assertThat(report.text())
        .isEqualTo(
            """
            Side by side

            case  a      b
            ----  -----  -----
            one   2.000
            two          2.000
            A note.

            measure        median  quartiles       unit  goal  met  elsewhere
            -------------  ------  --------------  ----  ----  ---  ---------
            a, one thread  2.000   1.000 .. 3.000  ms""");
    report.write(file);
    assertThat(
            JsonParser.parseString(Files.readString(file))
                .getAsJsonObject()
                .getAsJsonArray("figures"))
        .hasSize(3);
  }
}
