package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;

/** Tests sums of two channels in one double, up to the largest. */
final class ChannelPackingTest {

  private static final int LARGEST = (1 << 26) - 1;

  @Test
  void extremesAreTakenApart() {
    ChannelPacking packing = ChannelPacking.of(dense(0, 0, 0));
    int[] extremes = {-LARGEST, -LARGEST + 1, -1, 0, 1, LARGEST - 1, LARGEST};
    for (int first : extremes) {
      for (int second : extremes) {
        int[] codes = {first, second, -first};
        double[] sums = packing.pack(Codes.of(codes), 0);
        int[] apart = new int[4];
        int[][] lines = new int[4][1];

        packing.unpack(sums, apart, 1);
        packing.unpack(new double[][] {{sums[0]}, {sums[1]}}, 0, 3, 1, lines);

        assertThat(apart).isEqualTo(new int[] {0, first, second, -first});
        for (int channel = 0; channel < codes.length; channel++) {
          assertThat(lines[channel][0]).isEqualTo(codes[channel]);
        }
      }
    }
  }

  @Test
  void oddNumberOfChannels() {
    ChannelPacking packing = ChannelPacking.of(dense(1, 2, 3));

    assertThat(packing.groups()).isEqualTo(2);
    assertThat(packing.pack(Codes.of(9, 1, 2, 3), 1, 1)).isEqualTo(3.0);
    assertThat(packing.pack(Codes.of(9, 1, 2, 3), 1)).isEqualTo(new double[] {1 + 0x1p28, 3});
  }

  @Test
  void boundThatTwoDoNotFitUnder() {
    // The weights' part of the bound is 1 * 127.
    assertThat(ChannelPacking.of(dense(0, LARGEST - 127, 0)).groups()).isEqualTo(2);
    ChannelPacking single = ChannelPacking.of(dense(0, LARGEST - 126, 0));
    int[] codes = {Integer.MAX_VALUE, -Integer.MAX_VALUE, 5};
    double[] sums = single.pack(Codes.of(codes), 0);
    int[] apart = new int[3];
    int[][] lines = new int[2][1];

    single.unpack(sums, apart, 0);
    single.unpack(new double[][] {{sums[0]}, {sums[1]}, {sums[2]}}, 1, 2, 1, lines);

    assertThat(single.groups()).isEqualTo(3);
    assertThat(apart).isEqualTo(codes);
    assertThat(lines).isEqualTo(new int[][] {{codes[1]}, {codes[2]}});
  }

  private static Dense dense(int... bias) {
    IntegerTensor input = new IntegerTensor("x", List.of(1), FixedPoint.signed(8, 0));
    IntegerTensor output = new IntegerTensor("y", List.of(3), FixedPoint.signed(8, 7));
    Kernel kernel = Kernel.of(List.of(1, 3), FixedPoint.signed(8, 0), 1, -1, 1);
    return new Dense(
        "dense", input, kernel, Codes.of(bias), CodeRange.all(output.format()), output);
  }
}
