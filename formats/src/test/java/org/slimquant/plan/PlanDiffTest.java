package org.slimquant.plan;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.PlanDiff.Change;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;

/** The changes from one plan to another. */
final class PlanDiffTest {

  private static final Source CALIBRATED = new Source.Calibration("MIN_MSE", 1000);

  private static final Site KERNEL = kernel("conv1", FixedPoint.signed(8, -7), CALIBRATED);
  private static final Site OUTPUT =
      new Site(
          "conv1/SlimQuant/output",
          Kind.OUTPUT,
          "Relu:0",
          FixedPoint.signed(8, -4),
          new Source.Annotation(),
          Optional.empty());

  @Test
  void equalPlans() {
    PlanDiff diff = plan(KERNEL, OUTPUT).diff(plan(KERNEL, OUTPUT));

    assertThat(diff.isEmpty()).isTrue();
    assertThat(diff.changes()).isEmpty();
    assertThat(diff.toString()).isEmpty();
  }

  @Test
  void whatDoesNotCount() {
    Site measured =
        new Site(
            KERNEL.name(),
            KERNEL.kind(),
            "renamed:0",
            KERNEL.format(),
            KERNEL.source(),
            Optional.of(new TensorStatistics(-1, 1, 0, 40)));
    QuantizationPlan remarked =
        new QuantizationPlan(List.of(OUTPUT, measured), List.of(new Remark("a", "b")));

    assertThat(plan(KERNEL, OUTPUT).diff(remarked).isEmpty()).isTrue();
  }

  @Test
  void addedRemovedAndChanged() {
    Site byHand = kernel("conv1", FixedPoint.signed(16, -6), new Source.Hand());
    Site added = kernel("dense", PerChannel.of(8, -9, -6), CALIBRATED);

    PlanDiff diff = plan(OUTPUT, KERNEL).diff(plan(byHand, added));

    assertThat(diff.changes())
        .containsExactly(
            new Change(OUTPUT.name(), Optional.of(OUTPUT), Optional.empty()),
            new Change(KERNEL.name(), Optional.of(KERNEL), Optional.of(byHand)),
            new Change(added.name(), Optional.empty(), Optional.of(added)))
        .inOrder();
    assertThat(diff.toString())
        .isEqualTo(
            """
            site                    change   before              after
            conv1/SlimQuant/output  removed  output int8 * 2^-4
            conv1/SlimQuant/kernel  bits     8                   16
            conv1/SlimQuant/kernel  frac     -7                  -6
            conv1/SlimQuant/kernel  source   MIN_MSE of 1,000    hand
            dense/SlimQuant/kernel  added                        kernel int8 * 2^-9..-6""");
  }

  @Test
  void kindAndSign() {
    Site input =
        new Site(
            OUTPUT.name(),
            Kind.INPUT,
            "Relu:0",
            FixedPoint.unsigned(8, -4),
            OUTPUT.source(),
            Optional.empty());

    assertThat(plan(OUTPUT).diff(plan(input)).toString())
        .isEqualTo(
            """
            site                    change  before  after
            conv1/SlimQuant/output  kind    output  input
            conv1/SlimQuant/output  signed  true    false""");
  }

  @Test
  void channels() {
    Site before = kernel("conv1", PerChannel.of(8, -7, -6, -8, -9), CALIBRATED);
    Site after = kernel("conv1", PerChannel.of(8, -7, -5, -8, -8), CALIBRATED);

    assertThat(plan(before).diff(plan(after)).toString())
        .isEqualTo(
            """
            site                    change                before  after
            conv1/SlimQuant/kernel  frac of channel 1, 3  -6, -9  -5, -8""");
  }

  @Test
  void manyChannels() {
    int[] fracs = IntStream.range(0, 32).map(channel -> -channel).toArray();
    int[] others = IntStream.of(fracs).map(frac -> frac - 1).toArray();

    assertThat(
            plan(kernel("conv1", PerChannel.of(8, fracs), CALIBRATED))
                .diff(plan(kernel("conv1", PerChannel.of(8, others), CALIBRATED)))
                .toString())
        .isEqualTo(
            """
            site                    change                                                       before                         after
            conv1/SlimQuant/kernel  frac of 32 channels, the first being 0, 1, 2, 3, 4, 5, 6, 7  0, -1, -2, -3, -4, -5, -6, -7  -1, -2, -3, -4, -5, -6, -7, -8"""
                .replace(
                    "change                                                         before                          after",
                    "change                                                before                         after"));
  }

  @Test
  void perChannelInsteadOfPerTensor() {
    Site perChannel = kernel("conv1", PerChannel.of(8, -9, -6), CALIBRATED);
    Site oneChannel = kernel("conv1", PerChannel.of(8, -7), CALIBRATED);

    assertThat(plan(KERNEL).diff(plan(perChannel)).toString())
        .isEqualTo(
            """
            site                    change  before  after
            conv1/SlimQuant/kernel  frac    -7      -9..-6 (2 channels)""");
    assertThat(plan(KERNEL).diff(plan(oneChannel)).toString())
        .isEqualTo(
            """
            site                    change  before  after
            conv1/SlimQuant/kernel  frac    -7      -7 (1 channel)""");
  }

  @Test
  void sitesThatTheGraphDoesNotHave() {
    assertThat(plan(KERNEL, OUTPUT).unusedBy(plan(OUTPUT))).containsExactly(KERNEL);
    assertThat(plan(OUTPUT).unusedBy(plan(KERNEL, OUTPUT))).isEmpty();
  }

  private static QuantizationPlan plan(Site... sites) {
    return new QuantizationPlan(List.of(sites), List.of());
  }

  private static Site kernel(String layer, Format format, Source source) {
    return new Site(
        layer + "/SlimQuant/kernel",
        Kind.KERNEL,
        layer + "/kernel:0",
        format,
        source,
        Optional.empty());
  }
}
