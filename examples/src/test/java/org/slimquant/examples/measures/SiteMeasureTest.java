package org.slimquant.examples.measures;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slimquant.runtime.BiasFormat;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.Format;
import org.slimquant.runtime.PerChannel;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.slimquant.runtime.Source;

final class SiteMeasureTest {

  /** Codes -7 to 7, step 1/2. */
  private static final Site SITE =
      site("a/SlimQuant/output", Kind.OUTPUT, "Relu:0", FixedPoint.signed(4, -1));

  /** Codes of 32 bits, steps 1/4 and 1024. */
  private static final Site BIAS =
      site("a/SlimQuant/bias", Kind.BIAS, "bias:0", new BiasFormat(List.of(-2, 10)));

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
  void eachChannelHasItsOwnStep() {
    Site kernel = site("a/SlimQuant/kernel", Kind.KERNEL, "kernel:0", PerChannel.of(4, -1, 0));
    SiteMeasure measure = SiteMeasure.none(kernel);

    assertThat(measure.withQuantized(new float[] {0.5f, 1, -3.5f, 7}).offGrid()).isEqualTo(0);
    assertThat(measure.withQuantized(new float[] {1, 0.5f, 7, -3.5f}).offGrid()).isEqualTo(3);
    assertThat(measure.withRaw(new float[] {3.74f, 7.4f, -3.75f, -7.5f}).clipped()).isEqualTo(0);
    assertThat(measure.withRaw(new float[] {3.75f, 7.5f, -3.76f, -7.6f}).clipped()).isEqualTo(4);
  }

  @Test
  void biasHasCodesOf32Bits() {
    SiteMeasure measure = SiteMeasure.none(BIAS);
    float largest = Math.nextDown(0x1p31f);

    assertThat(measure.withQuantized(new float[] {0.25f, 1024, -3.75f, -7168}).offGrid())
        .isEqualTo(0);
    assertThat(measure.withQuantized(new float[] {0.125f, 512, -3.8f, Float.NaN}).offGrid())
        .isEqualTo(4);
    assertThat(measure.withQuantized(new float[] {largest / 4, -largest * 1024}).offGrid())
        .isEqualTo(0);
    assertThat(measure.withQuantized(new float[] {0x1p31f / 4, -0x1p31f * 1024}).offGrid())
        .isEqualTo(2);
    assertThat(measure.withRaw(new float[] {largest / 4, -largest * 1024}).clipped()).isEqualTo(0);
    assertThat(measure.withRaw(new float[] {0x1p31f / 4, -0x1p31f * 1024}).clipped()).isEqualTo(2);
  }

  @Test
  void tableShowsEachTensor() {
    SiteMeasure output = none.withRaw(new float[] {-1, 4});
    SiteMeasure bias = SiteMeasure.none(BIAS).withRaw(new float[] {0.1f, 2});

    assertThat(new PlanMeasure(List.of(output, bias)).toString())
        .isEqualTo(
            """
            quantized tensor    format            holds                          range used     clipped
            ------------------  ----------------  -----------------------------  -------------  --------
            a/SlimQuant/output  int4 * 2^-1       -3.50 .. 3.50                  -1.00 .. 4.00  50.000 %
            a/SlimQuant/bias    int32 * 2^-2..10  -536870911.75 .. 536870911.75  0.10 .. 2.00   0.000 %""");
  }

  @Test
  void summaryHasOneExponentOrThoseOfTheChannels() {
    Summary.Site output = Summary.Site.of(none);
    assertThat(output.frac()).isEqualTo(-1);
    assertThat(output.fracs()).isNull();
    Summary.Site bias = Summary.Site.of(SiteMeasure.none(BIAS));
    assertThat(bias.bits()).isEqualTo(32);
    assertThat(bias.frac()).isNull();
    assertThat(bias.fracs()).containsExactly(-2, 10).inOrder();
    assertThat(bias.signed()).isTrue();
    Site oneChannel = site("a/SlimQuant/kernel", Kind.KERNEL, "kernel:0", PerChannel.of(8, -7));
    assertThat(Summary.Site.of(SiteMeasure.none(oneChannel)).frac()).isEqualTo(-7);
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

  private static Site site(String name, Kind kind, String tensor, Format format) {
    return new Site(name, kind, tensor, format, new Source.Annotation(), Optional.empty());
  }
}
