package org.slimquant.demo.measures;

import static com.google.common.truth.Truth.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutcomeTest {

  private static final Check GOOD = Check.passed("water is wet", "touched it");

  @Test
  void accuracyWithinTheTolerance() {
    assertThat(outcome(0.98, 0.975).withAccuracyCheck(0.01).checks())
        .containsExactly(
            GOOD,
            Check.passed("quantization loses at most 0.01 of the accuracy", "0.9750 from 0.9800"))
        .inOrder();
  }

  @Test
  void moreAccuracyLostThanAllowed() {
    assertThat(outcome(0.98, 0.965).withAccuracyCheck(0.01).checks())
        .containsExactly(
            GOOD,
            Check.failed("quantization loses at most 0.01 of the accuracy", "0.9650 from 0.9800"))
        .inOrder();
  }

  @Test
  void oneFailedCheckFailsTheReport() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      assertThat(outcome(0.98, 0.98).report(out)).isTrue();
      assertThat(outcome(0.98, 0.5).withAccuracyCheck(0.01).report(out)).isFalse();
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("FAILED  quantization loses at most 0.01 of the accuracy: 0.5000 from 0.9800");
  }

  @Test
  void whatWasNotTriedFailsNothing() {
    Check skipped = Check.skipped("fire is hot", "there is no fire");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Outcome outcome = outcome(0.98, 0.98);
      assertThat(new Outcome(outcome.summary(), outcome.measure(), List.of(skipped)).report(out))
          .isTrue();
    }
    assertThat(skipped.holds()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("\nskipped fire is hot: there is no fire");
  }

  @Test
  void reportShowsEachModel() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      outcome(0.98, 0.975).report(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains(
            """
            model              epochs  accuracy  time per step
            -----------------  ------  --------  -------------
            float              4       0.9800
            PTQ                4       0.9500
            QAT                4 + 2   0.9750    1.25 ms
            QAT, as integers   4 + 2   0.9700
            float, trained on  4 + 2   0.9900    1.00 ms

            as C: 1,600 bytes of flash for constants, 70 bytes of RAM for tensors
            as ONNX: 2.0 times as fast as the float model in ONNX Runtime, in the form QOPERATOR
            this processor: one
            """);
  }

  private static Outcome outcome(double floatAccuracy, double quantizedAccuracy) {
    Summary summary =
        new Summary(
            4,
            2,
            floatAccuracy,
            0.95,
            quantizedAccuracy,
            0.99,
            1,
            1.25,
            List.of(),
            true,
            "report.html",
            new Integers(
                0.97, 1000, 0, true, 1600, 70, 0L, 0L, 2.04, "QOPERATOR", "this processor: one"));
    return new Outcome(summary, new PlanMeasure(List.of(), List.of()), List.of(GOOD));
  }
}
