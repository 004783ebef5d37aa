package org.slimquant.benchmarks.harness;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class QuartilesTest {

  @Test
  void oddSample() {
    assertThat(Quartiles.of(5, 1, 4, 2, 3)).isEqualTo(new Quartiles(2, 3, 4));
  }

  @Test
  void betweenTwoPoints() {
    assertThat(Quartiles.of(10, 20)).isEqualTo(new Quartiles(12.5, 15, 17.5));
  }

  @Test
  void onePoint() {
    assertThat(Quartiles.of(7)).isEqualTo(new Quartiles(7, 7, 7));
  }

  @Test
  void noPoint() {
    assertThrows(IllegalArgumentException.class, Quartiles::of);
  }

  @Test
  void ratiosOfPairs() {
    double[] slowing = {10, 20, 40};
    double[] slowingAlike = {5, 10, 20};
    assertThat(Quartiles.ofPairs(slowing, slowingAlike, (a, b) -> a / b))
        .isEqualTo(new Quartiles(2, 2, 2));
  }

  @Test
  void pairsOfUnequalSamples() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Quartiles.ofPairs(new double[2], new double[3], Double::sum));
  }

  @Test
  void slopesOfALine() {
    assertThat(Quartiles.ofSlopes(new double[] {1, 3, 5, 7}, slope -> slope / 2))
        .isEqualTo(new Quartiles(1, 1, 1));
  }

  @Test
  void slopesOfAPlateauWithOneJump() {
    assertThat(Quartiles.ofSlopes(new double[] {4, 4, 4, 4, 4, 4, 9}, slope -> slope).median())
        .isEqualTo(0);
  }
}
