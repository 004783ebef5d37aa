package org.slimquant.plan;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.slimquant.plan.ExamplePlan.PLAN;
import static org.slimquant.plan.ExamplePlan.TEXT;
import static org.slimquant.plan.ExamplePlan.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;

/** Plans as files. */
final class PlanFileTest {

  private final Path directory;

  PlanFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void text() throws IOException {
    Path file = directory.resolve("plan.txtpb");

    PLAN.write(file);

    assertThat(Files.readString(file)).isEqualTo(TEXT);
    assertThat(QuantizationPlan.read(file)).isEqualTo(PLAN);
  }

  @Test
  void fileThatWasSavedOnWindows() throws IOException {
    Path file = directory.resolve("plan.txtpb");

    Files.writeString(file, "\uFEFF" + TEXT.replace("\n", "\r\n"));

    assertThat(QuantizationPlan.read(file)).isEqualTo(PLAN);
  }

  @Test
  void emptyPlan() throws IOException {
    Path file = directory.resolve("plan.txtpb");

    QuantizationPlan.EMPTY.write(file);

    assertThat(QuantizationPlan.read(file)).isEqualTo(QuantizationPlan.EMPTY);
  }

  @Test
  void sameBytesInAnyLocale() {
    Locale locale = Locale.getDefault();
    try {
      for (String tag : List.of("de-DE", "ar-EG-u-nu-arab", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(PlanWriter.text(PLAN)).isEqualTo(TEXT);
      }
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void everyCalibrationMethod() throws IOException {
    for (String method : List.of("MIN_MSE", "MAX", "PERCENTILE 99.99", "PERCENTILE 100.0")) {
      QuantizationPlan plan =
          new QuantizationPlan(
              List.of(
                  new Site(
                      "a",
                      Kind.OUTPUT,
                      "t:0",
                      FixedPoint.signed(8, -7),
                      new Source.Calibration(method, 12),
                      Optional.empty())),
              List.of());

      assertThat(parse(PlanWriter.text(plan))).isEqualTo(plan);
    }
  }

  @Test
  void oneBiasExponentOnOneChannel() throws IOException {
    QuantizationPlan plan =
        new QuantizationPlan(
            List.of(
                site("a", Kind.BIAS, new BiasFormat(List.of(-14))),
                site("b", Kind.KERNEL, PerChannel.of(8, -7)),
                site("c", Kind.KERNEL, FixedPoint.signed(8, -7))),
            List.of());

    assertThat(parse(PlanWriter.text(plan))).isEqualTo(plan);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "-0.0, -0.0",
    "0, 0",
    "100, 100",
    "16777216, 16777216",
    "3.4028235E38, 3.4028235E+38",
    "1.4E-45, 1E-45",
    "1.17549435E-38, 1.1754944E-38",
    "2.0E-3, 0.002",
    "1.00000001E23, 1E+23",
  })
  void shortestDecimal(float x, String decimal) {
    assertThat(PlanWriter.decimal(x)).isEqualTo(decimal);
  }

  @Test
  void decimalsReadAsTheNumber() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      double y = Double.longBitsToDouble(random.nextLong());
      if (Float.isFinite(x)) {
        assertThat(Float.parseFloat(PlanWriter.decimal(x))).isEqualTo(x);
      }
      if (Double.isFinite(y)) {
        assertThat(Double.parseDouble(PlanWriter.decimal(y))).isEqualTo(y);
      }
    }
    // JDKs before 19 print 1.9999999999999998E23.
    assertThat(PlanWriter.decimal(Double.parseDouble("2e23"))).isEqualTo("2E+23");
  }

  @Test
  void planThatNobodyCouldRead() {
    Site site = site("a", Kind.OUTPUT, FixedPoint.signed(8, -7));
    QuantizationPlan twice = new QuantizationPlan(List.of(site, site), List.of());
    Path file = directory.resolve("plan.txtpb");

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> twice.write(file));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "a plan must be fit to be read again, but would not be: %s:13: site a must be there once, but is in line 4 too"
                .formatted(file));
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void noLeftoversInTheDirectory() throws IOException {
    Path file = directory.resolve("plan.txtpb");
    QuantizationPlan.EMPTY.write(file);

    PLAN.write(file);

    assertThat(names()).containsExactly("plan.txtpb");
    assertThat(QuantizationPlan.read(file)).isEqualTo(PLAN);
  }

  @Test
  void failureLeavesTheOldFile() throws IOException {
    Path file = directory.resolve("plan.txtpb");
    Files.createDirectories(file.resolve("full"));

    assertThrows(IOException.class, () -> PLAN.write(file));

    assertThat(names()).containsExactly("plan.txtpb");
    assertThat(Files.exists(file.resolve("full"))).isTrue();
  }

  @Test
  void folderThatIsMissing() throws IOException {
    PLAN.write(directory.resolve("a/b/plan.txtpb"));

    assertThat(QuantizationPlan.read(directory.resolve("a/b/plan.txtpb"))).isEqualTo(PLAN);
  }

  private static Site site(String name, Kind kind, Format format) {
    return new Site(name, kind, "t:0", format, new Source.Hand(), Optional.empty());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void permissionsOfAnyNewFile(@TempDir Path folder) throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path written = folder.resolve("plan.txtpb");
    Path other = Files.createFile(folder.resolve("other"));

    PLAN.write(written);

    assertThat(Files.getPosixFilePermissions(written))
        .isEqualTo(Files.getPosixFilePermissions(other));
  }
}
