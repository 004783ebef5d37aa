package org.slimquant.format;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ExponentsTest {

  @Test
  void oneExponentOrARange() {
    assertThat(Exponents.range(List.of(-7))).isEqualTo("-7");
    assertThat(Exponents.range(List.of(-7, -7))).isEqualTo("-7");
    assertThat(Exponents.range(List.of(-6, -9, -7))).isEqualTo("-9..-6");
    assertThat(Exponents.range(5, 7)).isEqualTo("5..7");
  }

  @Test
  void theLargestKeepsTheRangeOfAFormatFinite() {
    for (int bits = FixedPoint.MIN_BITS; bits <= FixedPoint.MAX_BITS; bits++) {
      int largest = Exponents.largest(bits);

      assertThat(FixedPoint.unsigned(bits, largest).max()).isFinite();
      assertThat(FixedPoint.find(bits, largest + 1, true)).isEmpty();
    }
  }
}
