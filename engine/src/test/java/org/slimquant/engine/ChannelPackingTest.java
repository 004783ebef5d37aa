package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Sums of two channels in one double, up to the largest. */
final class ChannelPackingTest {

  private static final int LARGEST = (1 << 26) - 1;

  @Test
  void extremesAreTakenApart() {
    int[] extremes = {-LARGEST, -LARGEST + 1, -1, 0, 1, LARGEST - 1, LARGEST};
    for (int first : extremes) {
      for (int second : extremes) {
        ChannelPacking packing = ChannelPacking.of(dense(0, 0, 0));
        int[] firsts = new int[1];
        int[] seconds = new int[1];

        double[] sum = {packing.pack(Codes.of(first, second), 0, 0)};
        packing.unpack(sum, 1, firsts, seconds);

        assertWithMessage("%s, %s", first, second).that(firsts[0]).isEqualTo(first);
        assertWithMessage("%s, %s", first, second).that(seconds[0]).isEqualTo(second);
      }
    }
  }

  @Test
  void oddNumberOfChannels() {
    ChannelPacking packing = ChannelPacking.of(dense(1, 2, 3));
    assertThat(packing.groups()).isEqualTo(2);
    assertThat(packing.first(1)).isEqualTo(2);
    assertThat(packing.hasSecond(0)).isTrue();
    assertThat(packing.hasSecond(1)).isFalse();
    assertThat(packing.pack(Codes.of(9, 1, 2, 3), 1, 1)).isEqualTo(3.0);
  }

  @Test
  void boundThatTwoDoNotFitUnder() {
    // The weights' part of the bound is 1 * 127.
    assertThat(ChannelPacking.of(dense(0, LARGEST - 127, 0)).groups()).isEqualTo(2);
    ChannelPacking single = ChannelPacking.of(dense(0, LARGEST - 126, 0));
    assertThat(single.groups()).isEqualTo(3);
    assertThat(single.first(2)).isEqualTo(2);
    assertThat(single.hasSecond(0)).isFalse();
    int[] sums = new int[2];
    single.unpack(new double[] {Integer.MAX_VALUE, -Integer.MAX_VALUE}, 2, sums, new int[0]);
    assertThat(sums).isEqualTo(new int[] {Integer.MAX_VALUE, -Integer.MAX_VALUE});
  }

  private static Dense dense(int... bias) {
    IntegerTensor input = new IntegerTensor("x", List.of(1), TensorFormat.signed(8, 0));
    IntegerTensor output = new IntegerTensor("y", List.of(3), TensorFormat.signed(8, 7));
    Kernel kernel = Kernel.of(List.of(1, 3), TensorFormat.signed(8, 0), 1, -1, 1);
    return new Dense(
        "dense", input, kernel, Codes.of(bias), CodeRange.all(output.format()), output);
  }
}
