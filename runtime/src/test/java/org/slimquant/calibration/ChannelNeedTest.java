package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.runtime.layer.GridOrigin;

/**
 * The limits that a bias sets to its kernel's exponent, with several formats of input and output.
 */
final class ChannelNeedTest {

  private static final Histogram WEIGHTS = Histogram.of(0.5f, -0.25f);
  private static final Map<String, Format> FORMATS =
      Map.of(
          "x", FixedPoint.signed(8, -7),
          "y", FixedPoint.signed(8, -6),
          "output", FixedPoint.signed(8, -5));

  @Test
  void theSmallestExponentWithWhichABiasTakes30Bits() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      double magnitude = Math.scalb(1 + random.nextDouble(), random.nextInt(60) - 30);
      int least = need(WEIGHTS, sum(GridOrigin.of("x"), magnitude)).least();

      String message = "seed %s, %s".formatted(seed, magnitude);
      assertWithMessage(message).that(magnitude).isLessThan(Math.scalb(1d, 30 - 7 + least));
      assertWithMessage(message).that(magnitude).isAtLeast(Math.scalb(1d, 30 - 7 + least - 1));
    }
    assertThat(need(WEIGHTS, sum(GridOrigin.of("x"), 1)).least()).isEqualTo(-22);
  }

  @Test
  void theLayerThatAsksMostDecides() {
    ChannelNeed need = need(WEIGHTS, sum(GridOrigin.of("x"), 0.7), sum(GridOrigin.of(-20), 0.7));

    assertThat(need.least()).isEqualTo(-10);
    assertThat(need.bias().orElseThrow().inputFrac()).isEqualTo(-20);
  }

  /** If an input has no grid, the quantized graph leaves the bias as it is. */
  @Test
  void anInputWithoutAGridAsksNothing() {
    GridOrigin two =
        GridOrigin.join(List.of(GridOrigin.of("x"), GridOrigin.of("y")), Optional.empty());
    GridOrigin offGrid = GridOrigin.join(List.of(GridOrigin.of("x")), Optional.of(0.3f));
    GridOrigin onGrid = GridOrigin.join(List.of(GridOrigin.of("x")), Optional.of(6f));

    assertThat(need(WEIGHTS, sum(two, 1e9))).isEqualTo(ChannelNeed.NONE);
    assertThat(need(WEIGHTS, sum(offGrid, 1e9))).isEqualTo(ChannelNeed.NONE);
    assertThat(need(WEIGHTS, sum(GridOrigin.of("elsewhere"), 1e9))).isEqualTo(ChannelNeed.NONE);
    assertThat(need(WEIGHTS)).isEqualTo(ChannelNeed.NONE);
    assertThat(need(WEIGHTS, sum(onGrid, 1)).least()).isEqualTo(-22);
  }

  /** Otherwise one channel would prevent the quantization of the biases of all. */
  @Test
  void aBiasOfZeroStillNeedsAStepThatFloat32Has() {
    ChannelNeed need = need(Histogram.of(1e-37f), sum(GridOrigin.of("x"), 0));

    assertThat(need.bias()).isEmpty();
    assertThat(need.least()).isEqualTo(-119);
  }

  @Test
  void weightsAreUnseenOnlyIfEveryOutputHidesThem() {
    // 2 * 1e-5 * 127/128 is far below a quarter of 2^-5.
    Histogram small = Histogram.of(1e-5f, -1e-5f);
    SumStatistics hides =
        new SumStatistics(
            "bias",
            List.of("kernel"),
            Optional.of(GridOrigin.of("x")),
            List.of(0.1),
            Optional.of("output"));
    SumStatistics shows = sum(GridOrigin.of("x"), 0.1);

    assertThat(need(small, hides).unseen()).isTrue();
    assertThat(need(small, hides, hides).unseen()).isTrue();
    assertThat(need(small, hides, shows).unseen()).isFalse();
    assertThat(need(WEIGHTS, hides).unseen()).isFalse();
    // A bias is added in steps of 2^(-7 + d), which are a 16th of the output's at most.
    assertThat(need(small, hides).harmless(0, 8)).isEqualTo(-2);
    assertThat(need(small, hides).harmless(-9, 8)).isEqualTo(-9);
  }

  private static SumStatistics sum(GridOrigin input, double bias) {
    return new SumStatistics(
        "bias", List.of("kernel"), Optional.of(input), List.of(bias), Optional.empty());
  }

  private static ChannelNeed need(Histogram weights, SumStatistics... sums) {
    return ChannelNeed.of(List.of(sums), 0, weights, FORMATS);
  }
}
