package org.slimquant.plan;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.plan.ExamplePlan.PLAN;
import static org.slimquant.plan.ExamplePlan.TEXT;
import static org.slimquant.plan.ExamplePlan.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no plans, or are damaged. */
final class PlanFileErrorsTest {

  private final Path directory;

  PlanFileErrorsTest(@TempDir Path directory) {
    this.directory = directory;
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
        "plan.txtpb:35: site conv1/SlimQuant/output: a site must have a source: annotation, calibration, compile_time, derived or hand, but has none");
    assertEditFails(
        "  hand {}",
        "  compile_time {}",
        "plan.txtpb:42: site conv1/SlimQuant/output: compile_time must have the plan's fingerprint, but lacks it");
    assertEditFails(
        "method: \"MIN_MSE\"",
        "",
        "plan.txtpb:20: site conv1/SlimQuant/kernel: calibration must have method and samples, but lacks one");
    assertEditFails(
        "  max: 1234567.9\n",
        "",
        "plan.txtpb:35: site conv1/SlimQuant/output: min, max, clipped_share and sqnr_db must come together, but one is missing");
    assertEditFails(
        "  derived {}\n",
        "  derived {}\n  lost_share: 0.5\n",
        "plan.txtpb:34: site conv1/SlimQuant/bias: lost_share must come with min, max, clipped_share and sqnr_db, but does not");
    assertEditFails(
        "site: \"dense/SlimQuant/bias\"",
        "",
        "plan.txtpb:49: a remark must have site and text, but lacks one");
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
        "lost_share: 0.0125",
        "lost_share: 1.25",
        "plan.txtpb:47: site conv1/SlimQuant/output: lost_share must be between 0 and 1, but is 1.25");
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
      // Only the end of the word true, and of its line, may be missing.
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
      if (lines.get(i).contains("lost_share")) {
        // Older files do not have it.
        assertThat(readOrNone(without).orElseThrow().sites()).hasSize(PLAN.sites().size());
        continue;
      }
      boolean isComment = lines.get(i).startsWith("#");
      assertWithMessage(lines.get(i))
          .that(readOrNone(without))
          .isEqualTo(isComment ? Optional.of(PLAN) : Optional.empty());
    }
  }

  /**
   * A changed digit gives another plan, which only a person can notice; but it is a complete plan.
   */
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
}
