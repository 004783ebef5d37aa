package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The coarsest power of two that divides numbers. */
final class GridTest {

  @Test
  void numbersThatAreWrittenDown() {
    assertThat(Grid.of(0.5f, -0.75f, 0.0625f)).isEqualTo(-4);
    assertThat(Grid.of(1024)).isEqualTo(10);
    assertThat(Grid.of(0, 6, -0f)).isEqualTo(1);
    assertThat(Grid.of(0.1f)).isEqualTo(-27);
    assertThat(Grid.of(Float.MIN_NORMAL)).isEqualTo(Float.MIN_EXPONENT);
    assertThat(Grid.of(Math.nextUp(Float.MIN_NORMAL))).isEqualTo(Grid.OF_ANY);
    assertThat(Grid.of(Float.MAX_VALUE)).isEqualTo(Float.MAX_EXPONENT - 23);
  }

  @Test
  void zerosAndNumbersThatTensorFlowTakesForZero() {
    assertThat(Grid.of()).isEqualTo(Grid.OF_ZEROS);
    assertThat(Grid.of(0, -0f, Float.MIN_VALUE)).isEqualTo(Grid.OF_ZEROS);
  }

  @Test
  void oddMultiples() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 10_000; round++) {
      int exponent = random.nextInt(200) - 126;
      int odd = random.nextInt(1 << (1 + random.nextInt(24))) | 1;
      float number = Math.scalb(random.nextBoolean() ? odd : -odd, exponent);

      assertWithMessage("seed %s, %s", seed, number).that(Grid.of(number)).isEqualTo(exponent);
    }
  }
}
