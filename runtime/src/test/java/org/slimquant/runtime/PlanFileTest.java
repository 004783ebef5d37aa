package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Remark;
import org.slimquant.runtime.QuantizationPlan.Site;

/** The file of a plan: what is in it, and what is refused. */
final class PlanFileTest {

  private static final QuantizationPlan PLAN =
      new QuantizationPlan(
          List.of(
              new Site(
                  "conv1/SlimQuant/images",
                  Kind.INPUT,
                  "images:0",
                  FixedPoint.unsigned(8, -8),
                  new Source.Annotation(),
                  Optional.empty()),
              new Site(
                  "conv1/SlimQuant/kernel",
                  Kind.KERNEL,
                  "conv1/kernel:0",
                  PerChannel.of(8, -7, -6, -126),
                  new Source.Calibration("MIN_MSE", 3_000_000_000L),
                  Optional.of(new Measure(-0.1f, 1e-30f, 1 / 3d, Double.POSITIVE_INFINITY))),
              new Site(
                  "conv1/SlimQuant/bias",
                  Kind.BIAS,
                  "conv1/bias:0",
                  new BiasFormat(List.of(-126, -14, 96)),
                  new Source.Derived(),
                  Optional.empty()),
              new Site(
                  "conv1/SlimQuant/output",
                  Kind.OUTPUT,
                  "Relu:0",
                  FixedPoint.signed(16, 3),
                  new Source.Hand(),
                  Optional.of(new Measure(-0f, 1234567.9f, 0, 41.283746519283)))),
          List.of(new Remark("dense/SlimQuant/bias", "\"input\" is\nnot quantized: Größe \\")));

  private static final String TEXT =
      """
      # A quantization plan of SlimQuant.
      # To set an exponent by hand, change it and replace the site's source by: hand {}
      version: 1
      site {
        name: "conv1/SlimQuant/images"
        kind: INPUT
        tensor: "images:0"
        bits: 8
        signed: false
        frac: -8
        annotation {}
      }
      site {
        name: "conv1/SlimQuant/kernel"
        kind: KERNEL
        tensor: "conv1/kernel:0"
        bits: 8
        signed: true
        channel_frac: [-7, -6, -126]
        calibration { method: "MIN_MSE" samples: 3000000000 }
        min: -0.1
        max: 1E-30
        clipped_share: 0.3333333333333333
        sqnr_db: inf
      }
      site {
        name: "conv1/SlimQuant/bias"
        kind: BIAS
        tensor: "conv1/bias:0"
        bits: 32
        signed: true
        channel_frac: [-126, -14, 96]
        derived {}
      }
      site {
        name: "conv1/SlimQuant/output"
        kind: OUTPUT
        tensor: "Relu:0"
        bits: 16
        signed: true
        frac: 3
        hand {}
        min: -0.0
        max: 1234567.9
        clipped_share: 0
        sqnr_db: 41.283746519283
      }
      remark {
        site: "dense/SlimQuant/bias"
        text: "\\"input\\" is\\nnot quantized: Größe \\\\"
      }
      end: true
      """;

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
    for (CalibrationMethod method :
        List.of(
            CalibrationMethod.MIN_MSE,
            CalibrationMethod.MAX,
            CalibrationMethod.PERCENTILE,
            CalibrationMethod.percentile(100))) {
      QuantizationPlan plan =
          new QuantizationPlan(
              List.of(
                  new Site(
                      "a",
                      Kind.OUTPUT,
                      "t:0",
                      FixedPoint.signed(8, -7),
                      new Source.Calibration(method.toString(), 12),
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
  void noDirectoryToWriteTo() {
    assertThrows(NoSuchFileException.class, () -> PLAN.write(directory.resolve("none/plan.txtpb")));
  }

  @Test
  void noFileToRead() {
    assertThrows(
        NoSuchFileException.class, () -> QuantizationPlan.read(directory.resolve("plan.txtpb")));
  }

  @Test
  void foreignFiles() throws IOException {
    Path file = directory.resolve("plan.txtpb");
    Files.write(file, new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff});
    assertThat(assertThrows(PlanFormatException.class, () -> QuantizationPlan.read(file)))
        .hasMessageThat()
        .isEqualTo(file + ": a plan must be text in UTF-8, but this is not");

    assertFails("", "plan.txtpb: a plan must give its version, but this does not: is it a plan?");
    assertFails(
        "{\"version\": 1}",
        "plan.txtpb: a plan must give its version, but this does not: is it a plan?");
  }

  @Test
  void newerFile() {
    assertFails(
        "# plan\nzero_points: []\nversion: 2\n",
        "plan.txtpb:3: version must be 1 to be read by this version of SlimQuant, but is 2");
  }

  @Test
  void unknownField() {
    assertEditFails(
        "bits: 32",
        "bit: 32",
        "plan.txtpb:30: a plan must have known fields only, but has slimquant.QuantizedSite.bit");
  }

  @Test
  void fieldTwice() {
    assertEditFails(
        "bits: 32",
        "bits: 32 bits: 32",
        "plan.txtpb:30: Non-repeated field \"slimquant.QuantizedSite.bits\" cannot be overwritten.");
  }

  @Test
  void siteTwice() {
    assertEditFails(
        "conv1/SlimQuant/output",
        "conv1/SlimQuant/kernel",
        "plan.txtpb:35: site conv1/SlimQuant/kernel must be there once, but is in line 13 too");
  }

  @Test
  void missingFields() {
    assertEditFails(
        "  name: \"conv1/SlimQuant/images\"\n",
        "",
        "plan.txtpb:4: a site must have a name, but has none");
    assertEditFails(
        "  tensor: \"Relu:0\"\n",
        "",
        "plan.txtpb:35: site conv1/SlimQuant/output: a site must have a tensor, but has none");
    assertEditFails(
        "frac: 3\n",
        "\n",
        "plan.txtpb:35: site conv1/SlimQuant/output: a site must have either frac or channel_frac, but has neither");
    assertEditFails(
        "[-7, -6, -126]",
        "[]",
        "plan.txtpb:13: site conv1/SlimQuant/kernel: a site must have either frac or channel_frac, but has neither");
    assertEditFails(
        "frac: 3\n",
        "frac: 3 channel_frac: 3\n",
        "plan.txtpb:35: site conv1/SlimQuant/output: a site must have either frac or channel_frac, but has both");
    assertEditFails(
        "  hand {}\n",
        "",
        "plan.txtpb:35: site conv1/SlimQuant/output: a site must have a source: annotation, calibration, derived or hand, but has none");
    assertEditFails(
        "method: \"MIN_MSE\"",
        "",
        "plan.txtpb:20: site conv1/SlimQuant/kernel: calibration must have method and samples, but lacks one");
    assertEditFails(
        "  max: 1234567.9\n",
        "",
        "plan.txtpb:35: site conv1/SlimQuant/output: min, max, clipped_share and sqnr_db must come together, but one is missing");
    assertEditFails(
        "site: \"dense/SlimQuant/bias\"",
        "",
        "plan.txtpb:48: a remark must have site and text, but lacks one");
  }

  @Test
  void valuesOutOfRange() {
    assertEditFails(
        "bits: 16",
        "bits: 17",
        "plan.txtpb:39: site conv1/SlimQuant/output: bits must be between 2 and 16, but is 17");
    assertEditFails(
        "bits: 32",
        "bits: 8",
        "plan.txtpb:30: site conv1/SlimQuant/bias: bits of a bias must be 32, but is 8");
    assertEditFails(
        "frac: 3",
        "frac: 113",
        "plan.txtpb:41: site conv1/SlimQuant/output: frac must be between -126 and 112 at 16 bits, or step or range leave normal float32, but is 113");
    assertEditFails(
        "-126]",
        "-127]",
        "plan.txtpb:19: site conv1/SlimQuant/kernel: channel 2: frac must be between -126 and 120 at 8 bits, or step or range leave normal float32, but is -127");
    assertEditFails(
        "96]",
        "97]",
        "plan.txtpb:32: site conv1/SlimQuant/bias: channel 2: frac of a bias must be between -126 and 96, but is 97");
    assertEditFails(
        "[-126",
        "[-127",
        "plan.txtpb:32: site conv1/SlimQuant/bias: channel 0: frac of a bias must be between -126 and 96, but is -127");
    assertEditFails(
        "frac: 3\n",
        "channel_frac: 3\n",
        "plan.txtpb:41: site conv1/SlimQuant/output: only a kernel or a bias must have channel_frac, but this is of kind OUTPUT");
    assertEditFails(
        "signed: true\n  channel_frac: [-7",
        "signed: false\n  channel_frac: [-7",
        "plan.txtpb:18: site conv1/SlimQuant/kernel: a kernel with channel_frac must be signed, but is not");
    assertEditFails(
        "3000000000",
        "-1",
        "plan.txtpb:20: site conv1/SlimQuant/kernel: samples must not be negative, but is -1");
    assertEditFails(
        "min: -0.1",
        "min: nan",
        "plan.txtpb:21: site conv1/SlimQuant/kernel: min and max must be finite, but are NaN and 1.0E-30");
    assertEditFails(
        "min: -0.1",
        "min: 1",
        "plan.txtpb:21: site conv1/SlimQuant/kernel: min must not exceed max, but they are 1.0 and 1.0E-30");
    assertEditFails(
        "clipped_share: 0.3",
        "clipped_share: 1.3",
        "plan.txtpb:23: site conv1/SlimQuant/kernel: clipped_share must be between 0 and 1, but is 1.3333333333333333");
    assertEditFails(
        "sqnr_db: inf",
        "sqnr_db: nan",
        "plan.txtpb:24: site conv1/SlimQuant/kernel: sqnr_db must be a number, but is NaN");
    assertEditFails(
        "kind: BIAS",
        "kind: 9",
        "plan.txtpb:28: Enum type \"slimquant.SiteKind\" has no value with number 9.");
    assertEditFails(
        "\"conv1/SlimQuant/output\"",
        "\" \"",
        "plan.txtpb:36: site  : name must not be blank, but is");
  }

  @Test
  void cutAnywhere() throws PlanFormatException {
    byte[] bytes = TEXT.getBytes(UTF_8);
    for (int length = 0; length < bytes.length; length++) {
      String cut = new String(bytes, 0, length, UTF_8);
      // What can be missing is the end of the word true, and of its line.
      if (!cut.contains("end: t")) {
        assertThrows(PlanFormatException.class, () -> parse(cut), cut);
      } else {
        assertThat(readOrNone(cut)).isAnyOf(Optional.of(PLAN), Optional.empty());
      }
    }
  }

  @Test
  void anyByteChanged() throws IOException {
    Path file = directory.resolve("plan.txtpb");
    byte[] bytes = TEXT.getBytes(UTF_8);
    int end = TEXT.indexOf("remark") + 60;
    for (int i = 0; i < end; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << bit);
        Files.write(file, flipped);
        assertErrorOrWholePlan(file, "byte %d, bit %d".formatted(i, bit));
      }
    }
  }

  @Test
  void anyLineLost() throws PlanFormatException {
    List<String> lines = TEXT.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String without =
          Stream.concat(lines.stream().limit(i), lines.stream().skip(i + 1))
              .reduce("", (text, line) -> text + line + "\n");
      boolean isComment = lines.get(i).startsWith("#");
      assertWithMessage(lines.get(i))
          .that(readOrNone(without))
          .isEqualTo(isComment ? Optional.of(PLAN) : Optional.empty());
    }
  }

  /** A changed digit is another plan, which only its reader can see; but it is a plan, whole. */
  private static void assertErrorOrWholePlan(Path file, String change) throws IOException {
    try {
      QuantizationPlan plan = QuantizationPlan.read(file);
      assertWithMessage(change).that(plan.sites()).hasSize(PLAN.sites().size());
      assertWithMessage(change).that(parse(PlanWriter.text(plan))).isEqualTo(plan);
    } catch (PlanFormatException e) {
      assertWithMessage(change).that(e).hasMessageThat().startsWith(file.toString() + ":");
    }
  }

  private static Optional<QuantizationPlan> readOrNone(String text) {
    try {
      return Optional.of(parse(text));
    } catch (PlanFormatException e) {
      return Optional.empty();
    }
  }

  private static void assertEditFails(String target, String replacement, String message) {
    assertThat(TEXT).contains(target);
    int start = TEXT.indexOf(target);
    assertFails(
        TEXT.substring(0, start) + replacement + TEXT.substring(start + target.length()), message);
  }

  private static void assertFails(String text, String message) {
    assertThat(assertThrows(PlanFormatException.class, () -> parse(text)))
        .hasMessageThat()
        .isEqualTo(message);
  }

  private static QuantizationPlan parse(String text) throws PlanFormatException {
    return PlanReader.parse(Path.of("plan.txtpb"), text);
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
