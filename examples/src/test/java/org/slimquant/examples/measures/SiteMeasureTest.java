package org.slimquant.examples.measures;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;

final class SiteMeasureTest {

  /** Codes -7 to 7, step 1/2. */
  private static final Site SITE =
      new Site("a/SlimQuant/output", Kind.OUTPUT, "Relu:0", FixedPoint.signed(4, -1));

  private final SiteMeasure none = SiteMeasure.none(SITE);

  @Test
  void rangeIsThatOfAllTensors() {
    SiteMeasure measure = none.withRaw(new float[] {1, -2}).withRaw(new float[] {0, 3});
    assertThat(measure.min()).isEqualTo(-2f);
    assertThat(measure.max()).isEqualTo(3f);
    assertThat(measure.elements()).isEqualTo(4);
  }

  @Test
  void clippedIsWhatRoundsToNoCode() {
    // 3.75 / 0.5 is 7.5, which rounds up to 8; -3.75 / 0.5 is -7.5, which rounds up to -7.
    assertThat(none.withRaw(new float[] {3.74f, -3.75f}).clipped()).isEqualTo(0);
    assertThat(none.withRaw(new float[] {3.75f, -3.76f}).clipped()).isEqualTo(2);
  }

  @Test
  void sharesOfNothingAreZero() {
    assertThat(none.clippedShare()).isEqualTo(0.0);
  }

  @Test
  void multiplesOfTheStepWithinTheCodesAreOnTheGrid() {
    SiteMeasure measure = none.withQuantized(new float[] {0, -0f, 0.5f, -3.5f, 3.5f});
    assertThat(measure.offGrid()).isEqualTo(0);
  }

  @Test
  void everythingElseIsOffTheGrid() {
    float[] elsewhere = {
      0.25f, 4f, -4f, Math.nextUp(0.5f), Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE
    };
    assertThat(none.withQuantized(elsewhere).offGrid()).isEqualTo(elsewhere.length);
  }

  @Test
  void tensorOffTheGridFailsTheCheck() {
    SiteMeasure measure =
        none.withRaw(new float[] {0.25f, 1}).withQuantized(new float[] {0.25f, 1});
    assertThat(new PlanMeasure(List.of(measure)).everyElementHasACode())
        .isEqualTo(
            Check.failed(
                "every quantized tensor holds only multiples of its step within its codes",
                "a/SlimQuant/output has 1 of 2 elsewhere"));
  }
}
