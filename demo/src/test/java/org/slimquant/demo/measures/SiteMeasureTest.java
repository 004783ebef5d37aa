package org.slimquant.demo.measures;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

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
    SiteMeasure measure = raw(raw(none, 1, -2), 0, 3);
    assertThat(measure.min()).isEqualTo(-2f);
    assertThat(measure.max()).isEqualTo(3f);
    assertThat(measure.elements()).isEqualTo(4);
  }

  @Test
  void clippedIsWhatRoundsToNoCode() {
    // 3.75 / 0.5 is 7.5, which rounds up to 8; -3.75 / 0.5 is -7.5, which rounds up to -7.
    assertThat(raw(none, 3.74f, -3.75f).clipped()).isEqualTo(0);
    assertThat(raw(none, 3.75f, -3.76f).clipped()).isEqualTo(2);
  }

  @Test
  void sharesOfNothingAreZero() {
    assertThat(none.clippedShare()).isEqualTo(0.0);
  }

  @Test
  void multiplesOfTheStepWithinTheCodesAreOnTheGrid() {
    SiteMeasure measure = quantized(none, 0, -0f, 0.5f, -3.5f, 3.5f);
    assertThat(measure.offGrid()).isEqualTo(0);
  }

  @Test
  void everythingElseIsOffTheGrid() {
    float[] elsewhere = {
      0.25f, 4f, -4f, Math.nextUp(0.5f), Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE
    };
    assertThat(quantized(none, elsewhere).offGrid()).isEqualTo(elsewhere.length);
  }

  @Test
  void eachChannelHasItsOwnStep() {
    Site kernel = site("a/SlimQuant/kernel", Kind.KERNEL, "kernel:0", PerChannel.of(4, -1, 0));
    SiteMeasure measure = SiteMeasure.none(kernel);

    assertThat(quantized(measure, 0.5f, 1, -3.5f, 7).offGrid()).isEqualTo(0);
    assertThat(quantized(measure, 1, 0.5f, 7, -3.5f).offGrid()).isEqualTo(3);
    assertThat(raw(measure, 3.74f, 7.4f, -3.75f, -7.5f).clipped()).isEqualTo(0);
    assertThat(raw(measure, 3.75f, 7.5f, -3.76f, -7.6f).clipped()).isEqualTo(4);
  }

  @Test
  void biasHasCodesOf32Bits() {
    SiteMeasure measure = SiteMeasure.none(BIAS);
    float largest = Math.nextDown(0x1p31f);

    assertThat(quantized(measure, 0.25f, 1024, -3.75f, -7168).offGrid()).isEqualTo(0);
    assertThat(quantized(measure, 0.125f, 512, -3.8f, Float.NaN).offGrid()).isEqualTo(4);
    assertThat(quantized(measure, largest / 4, -largest * 1024).offGrid()).isEqualTo(0);
    assertThat(quantized(measure, 0x1p31f / 4, -0x1p31f * 1024).offGrid()).isEqualTo(2);
    assertThat(raw(measure, largest / 4, -largest * 1024).clipped()).isEqualTo(0);
    assertThat(raw(measure, 0x1p31f / 4, -0x1p31f * 1024).clipped()).isEqualTo(2);
  }

  @Test
  void tableShowsEachTensor() {
    SiteMeasure output = none.with(new float[] {-1, 4}, new float[] {-1, 3.5f});
    SiteMeasure bias = SiteMeasure.none(BIAS).with(new float[] {0, 2}, new float[] {0, 2});

    assertThat(
            new PlanMeasure(
                    List.of(output, bias), List.of(new Remark("a/SlimQuant/output", "is odd")))
                .toString())
        .isEqualTo(
            """
            quantized tensor    format            holds                          range used     clipped   become 0  SQNR
            ------------------  ----------------  -----------------------------  -------------  --------  --------  -------
            a/SlimQuant/output  int4 * 2^-1       -3.50 .. 3.50                  -1.00 .. 4.00  50.000 %  0.000 %   18.3 dB
            a/SlimQuant/bias    int32 * 2^-2..10  -536870911.75 .. 536870911.75  0.00 .. 2.00   0.000 %   0.000 %   exact

            a/SlimQuant/output: is odd""");
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
    SiteMeasure measure = none.with(new float[] {0.25f, 1}, new float[] {0.25f, 1});
    assertThat(new PlanMeasure(List.of(measure), List.of()).everyElementHasACode())
        .isEqualTo(
            Check.failed(
                "every quantized tensor holds only multiples of its step within its codes",
                "a/SlimQuant/output has 1 of 2 elsewhere"));
  }

  @Test
  void sqnrIsTheSignalOverTheErrorOfAllTensors() {
    SiteMeasure measure =
        none.with(new float[] {3, 0}, new float[] {3, 0.5f})
            .with(new float[] {-4}, new float[] {-3.5f});

    assertThat(measure.sqnrDb()).isEqualTo(10 * Math.log10(25 / 0.5));
    assertThat(Summary.Site.of(measure).sqnrDb()).isEqualTo(measure.sqnrDb());
  }

  /** The element 1e9 hides them from the ratio. */
  @Test
  void elementsThatVanishBesideALargeOneAreCounted() {
    SiteMeasure measure = none.with(new float[] {1e9f, 0.1f, 0.2f, 0}, new float[] {1e9f, 0, 0, 0});

    assertThat(measure.sqnrDb()).isGreaterThan(100d);
    assertThat(measure.lostShare()).isEqualTo(2 / 3d);
    assertThat(Summary.Site.of(measure).lostShare()).isEqualTo(2 / 3d);
    assertThat(none.lostShare()).isEqualTo(0d);
  }

  @Test
  void summaryHasNoSqnrIfNothingIsLost() {
    SiteMeasure measure = none.with(new float[] {0, 1}, new float[] {0, 1});

    assertThat(measure.sqnrDb()).isPositiveInfinity();
    assertThat(Summary.Site.of(measure).sqnrDb()).isNull();
  }

  @Test
  void summarySaysWhereAFormatComesFrom() {
    assertThat(Summary.Site.of(none).source()).isEqualTo("annotation");
    assertThat(source(new Source.Calibration("PERCENTILE 99.99", 5)))
        .isEqualTo("calibration by PERCENTILE 99.99");
    assertThat(source(new Source.Derived())).isEqualTo("derived");
    assertThat(source(new Source.Hand())).isEqualTo("hand");
  }

  private static String source(Source source) {
    return Summary.Site.of(
            SiteMeasure.none(
                new Site(
                    SITE.name(),
                    SITE.kind(),
                    SITE.tensor(),
                    SITE.format(),
                    source,
                    Optional.empty())))
        .source();
  }

  private static SiteMeasure raw(SiteMeasure measure, float... raw) {
    return measure.with(raw, new float[raw.length]);
  }

  private static SiteMeasure quantized(SiteMeasure measure, float... quantized) {
    return measure.with(new float[quantized.length], quantized);
  }

  private static Site site(String name, Kind kind, String tensor, Format format) {
    return new Site(name, kind, tensor, format, new Source.Annotation(), Optional.empty());
  }
}
