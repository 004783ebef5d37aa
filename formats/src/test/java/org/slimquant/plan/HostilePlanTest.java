package org.slimquant.plan;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads malicious plans within the time that a plan of their size takes. */
final class HostilePlanTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int FILES = 2000;
  private static final String VERSION = "version: 1\n";
  private static final String END = "\nend: true\n";

  private static final List<String> PIECES =
      List.of(
          "-",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "#",
          ":",
          ",",
          "\n",
          "0",
          "99999999999",
          "1e99",
          "nan",
          "-inf",
          "true",
          "KERNEL",
          "BIAS",
          "hand {}",
          "site {",
          "channel_frac: [1, 2]",
          "frac: 3",
          "bits: 33",
          "\\",
          "\u0000",
          "é");

  private final Path file;

  HostilePlanTest(@TempDir Path directory) {
    file = directory.resolve("plan.txtpb");
  }

  static Stream<String> texts() {
    return Stream.of(
        "\n".repeat(100_000) + END,
        "\t\n".repeat(100_000) + END,
        " ".repeat(1_000_000),
        VERSION + "site {".repeat(100_000),
        VERSION + "site { bits: " + "1".repeat(200_000) + " }" + END,
        VERSION + "site { min: " + "1".repeat(200_000) + " }" + END,
        VERSION + "site { name: \"" + "a".repeat(200_000) + "\" }" + END,
        VERSION + "site { name: \"" + "\\n".repeat(100_000) + "\" }" + END,
        VERSION + "site {}".repeat(20_000) + END,
        VERSION + "unknown: 1\n".repeat(20_000) + END,
        VERSION + "a".repeat(200_000) + ": 1" + END,
        VERSION + "#".repeat(PlanReader.MAX_BYTES) + END);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void refusedInTime(String text) throws IOException {
    Files.writeString(file, text);

    assertTimeoutPreemptively(
        LIMIT, () -> assertThrows(PlanFormatException.class, () -> QuantizationPlan.read(file)));
  }

  @Test
  void longestName() {
    String longest = "n".repeat(PlanReader.MAX_WORD);

    assertThat(PlanWriter.text(named(longest))).contains(longest);
    assertThrows(IllegalArgumentException.class, () -> named(longest + "n").write(file));
    assertThrows(
        IllegalArgumentException.class, () -> named(longest.replace('n', '/') + "/").write(file));
  }

  private static QuantizationPlan named(String name) {
    QuantizationPlan.Site site = ExamplePlan.PLAN.sites().get(0);
    return new QuantizationPlan(
        List.of(
            new QuantizationPlan.Site(
                name, site.kind(), site.tensor(), site.format(), site.source(), site.measure())),
        List.of());
  }

  @Test
  void changedAnywhere() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("HostilePlanTest.changedAnywhere: seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < FILES; i++) {
      StringBuilder text = new StringBuilder(ExamplePlan.TEXT);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(6));
        text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
      }
      // Some of the bytes are not UTF-8.
      Files.writeString(file, text, random.nextInt(20) == 0 ? ISO_8859_1 : UTF_8);
      read += isRead(text) ? 1 : 0;
    }
    assertThat(read).isGreaterThan(0);
    assertThat(read).isLessThan(FILES);
  }

  private boolean isRead(CharSequence text) throws IOException {
    try {
      QuantizationPlan plan = QuantizationPlan.read(file);
      // Every plan that is read can be written and shown.
      assertThat(PlanReader.parse(file, PlanWriter.text(plan))).isEqualTo(plan);
      assertThat(plan.toString()).isNotEmpty();
      return true;
    } catch (PlanFormatException e) {
      assertThat(e).hasMessageThat().startsWith(file.toString());
      return false;
    } catch (RuntimeException | Error e) {
      assertWithMessage("%s of\n%s", e, text).fail();
      throw e;
    }
  }
}
