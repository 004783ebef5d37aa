package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.Distribution.Bin;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.TensorStatistics;

/** The distributions of a site's elements that statistics give. */
final class DistributionTest {

  private static final CalibrationStatistics STATISTICS =
      statistics(
          site("a", new float[] {-1, -0f, 0, 0.5f, 0.51f, 3}),
          site("channels", new float[] {-0.25f, 1}, new float[] {-1, 4}),
          site("unseen", new float[0]));

  @Test
  void binsAreInTheOrderOfWhatTheyHold() {
    assertThat(STATISTICS.distribution("a"))
        .hasValue(
            new Distribution(
                List.of(
                    new Bin(-33 / 32.0, -1, 1),
                    new Bin(0, 0, 2),
                    new Bin(32 / 64.0, 33 / 64.0, 2),
                    new Bin(48 / 16.0, 49 / 16.0, 1)),
                -1,
                3));
    assertThat(STATISTICS.distribution("a").orElseThrow().count()).isEqualTo(6);
  }

  @Test
  void channelsAreAddedUpInTheirOwnSteps() {
    assertThat(STATISTICS.distribution("channels", PerChannel.of(8, -7, -5)))
        .hasValue(new Distribution(List.of(new Bin(-33, -32, 2), new Bin(128, 132, 2)), -32, 128));
    assertThat(STATISTICS.distribution("channels").orElseThrow().bins()).hasSize(4);
  }

  @Test
  void anyFormatIsMeasured() {
    TensorStatistics measure = STATISTICS.measure("a", FixedPoint.signed(3, 0)).orElseThrow();

    assertThat(measure.min()).isEqualTo(-1f);
    assertThat(measure.max()).isEqualTo(3f);
    assertThat(measure.clippedShare()).isEqualTo(0);
    assertThat(STATISTICS.measure("a", FixedPoint.signed(2, 0)).orElseThrow().clippedShare())
        .isEqualTo(0.167);
  }

  @Test
  void sitesWithoutElementsHaveNothing() {
    assertThat(STATISTICS.observed()).containsExactly("a", "channels").inOrder();
    for (String site : List.of("unseen", "unknown")) {
      assertThat(STATISTICS.distribution(site)).isEmpty();
      assertThat(STATISTICS.distribution(site, FixedPoint.signed(8, 0))).isEmpty();
      assertThat(STATISTICS.measure(site, FixedPoint.signed(8, 0))).isEmpty();
    }
  }

  @Test
  void formatsOfOtherChannels() {
    for (Format format : List.of(PerChannel.of(8, 1, 2, 3), new BiasFormat(List.of(1)))) {
      String message =
          "channels must have a format for the 2 channels that were observed, but has " + format;
      assertThat(
              assertThrows(
                  IllegalArgumentException.class, () -> STATISTICS.measure("channels", format)))
          .hasMessageThat()
          .isEqualTo(message);
      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () -> STATISTICS.distribution("channels", format)))
          .hasMessageThat()
          .isEqualTo(message);
    }
  }

  @Test
  void shiftedFormatsEndWhereExponentsDo() {
    assertThat(FixedPoint.unsigned(8, -7).shifted(1)).hasValue(FixedPoint.unsigned(8, -6));
    assertThat(FixedPoint.signed(8, -126).shifted(-1)).isEqualTo(Optional.empty());
    assertThat(PerChannel.of(8, -7, -126).shifted(1)).hasValue(PerChannel.of(8, -6, -125));
    assertThat(PerChannel.of(8, -7, -126).shifted(-1)).isEqualTo(Optional.empty());
    assertThat(new BiasFormat(List.of(3)).shifted(2)).hasValue(new BiasFormat(List.of(5)));
    assertThat(new BiasFormat(List.of(96)).shifted(1)).isEqualTo(Optional.empty());
  }

  private static CalibrationStatistics statistics(SiteStatistics... sites) {
    return new CalibrationStatistics(List.of(sites), List.of(), List.of(), 1);
  }

  private static SiteStatistics site(String name, float[]... channels) {
    return new SiteStatistics(
        name,
        Kind.KERNEL,
        name + ":0",
        Calibrated.signed(8),
        Stream.of(channels).map(Histogram::of).toList());
  }
}
