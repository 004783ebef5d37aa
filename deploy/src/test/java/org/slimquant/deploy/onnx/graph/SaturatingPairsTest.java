package org.slimquant.deploy.onnx.graph;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.onnx.graph.SaturatingPairs.Elements;
import org.slimquant.model.Codes;

/** Which products are added in 16 bits, and which sums leave these. */
final class SaturatingPairsTest {

  private static final Elements BEHIND_SIGNED_RELU = new Elements(0, 127);

  @Test
  void neighboursAreTheInputChannelsOfAPlace() {
    // Two input channels by two columns.
    assertThat(of(2, 127, 0, 127, 0)).isEqualTo(new SaturatingPairs(1, 2));
    assertThat(of(2, 127, 127, 0, 0)).isEqualTo(new SaturatingPairs(0, 2));
  }

  @Test
  void neighboursOfOneInputChannelAreColumns() {
    assertThat(of(1, 127, 127, 0, 0)).isEqualTo(new SaturatingPairs(1, 2));
    assertThat(of(1, 0, 127, 127, 0)).isEqualTo(new SaturatingPairs(0, 2));
  }

  @Test
  void theLastOfAnOddNumberIsAlone() {
    assertThat(of(1, 0, 127, 127)).isEqualTo(new SaturatingPairs(0, 1));
  }

  @Test
  void eachOutputChannelHasPairsOfItsOwn() {
    assertThat(
            SaturatingPairs.ofConvolution(
                Codes.of(1, 127, 127, 127, 127, 1), 1, 2, 1, Elements.ALL))
        .isEqualTo(new SaturatingPairs(1, 2));
  }

  @Test
  void sumsThatJustFit() {
    assertThat(of(1, 64, 64).any()).isFalse();
    assertThat(of(1, 64, 65).any()).isTrue();
    assertThat(of(1, -64, -64).any()).isFalse();
    assertThat(of(1, -64, -65).any()).isTrue();
  }

  @Test
  void oppositeSignsAreNeverAdded() {
    assertThat(of(1, 127, -127).any()).isFalse();
  }

  @Test
  void elementsBehindASignedRelu() {
    assertThat(SaturatingPairs.ofConvolution(Codes.of(127, 127), 1, 1, 1, BEHIND_SIGNED_RELU).any())
        .isFalse();
  }

  @Test
  void elementsThatAreNeverSmall() {
    // 100 · 127 - 255 · 127 is more than 255 · -127.
    Elements elements = new Elements(100, 255);
    assertThat(elements.smallest(127) + elements.smallest(-127)).isEqualTo(-19_685);
    assertThat(elements.largest(127) + elements.largest(-127)).isEqualTo(19_685);
  }

  @Test
  void oneFilterForEachChannel() {
    assertThat(
            SaturatingPairs.ofConvolution(Codes.of(127, 127, 127, 127), 1, 2, 2, Elements.ALL)
                .any())
        .isFalse();
  }

  @Test
  void aMatrixHasItsInputsAsRows() {
    assertThat(SaturatingPairs.ofMatrix(new int[] {127, 1, 127, 1}, 2, Elements.ALL))
        .isEqualTo(new SaturatingPairs(1, 2));
    assertThat(new SaturatingPairs(1, 2).toString()).isEqualTo("1 of 2 sums of two products");
  }

  private static SaturatingPairs of(int in, int... weights) {
    return SaturatingPairs.ofConvolution(Codes.of(weights), in, 1, 1, Elements.ALL);
  }
}
