package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;

/** The count of elements that are not 0 and become 0, from bins and from the elements. */
final class LostElementsTest {

  @Test
  void bothEndsOfTheCellOfZero() {
    FixedPoint format = FixedPoint.signed(8, 0);

    assertThat(lost(format, 0.5f)).isEqualTo(0);
    assertThat(lost(format, Math.nextDown(0.5f))).isEqualTo(1);
    assertThat(lost(format, -0.5f)).isEqualTo(1);
    assertThat(lost(format, Math.nextDown(-0.5f))).isEqualTo(0);
    assertThat(lost(format, 0, -0f, Float.MIN_VALUE)).isEqualTo(0);
    assertThat(LostElements.of(Histogram.of(0, 1), format, 0).nonzero()).isEqualTo(1);
    assertThat(LostElements.of(Histogram.of(1e-30f, 0.1f, 3), format, 1e-9))
        .isEqualTo(new LostElements(1, 1, 2, 8));
    assertThat(LostElements.of(Histogram.of(0, 0), format, 0).share()).isEqualTo(0);
  }

  private static double lost(FixedPoint format, float... elements) {
    return LostElements.of(Histogram.of(elements), format, 0).lost();
  }

  @Test
  void binsTellWhatTheElementsDo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      FixedPoint format =
          new FixedPoint(2 + random.nextInt(15), random.nextInt(9) - 4, round % 2 == 0);
      float[] elements = new float[100_000];
      double scale = Math.scalb(1 + random.nextDouble(), random.nextInt(9) - 4);
      int lost = 0;
      int near = 0;
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (float) (scale * random.nextGaussian());
        double code = Math.abs(elements[i]) / format.step();
        lost += code < 0.5 ? 1 : 0;
        near += code >= 0.5 && code < 3.5 ? 1 : 0;
      }
      LostElements counted = LostElements.of(Histogram.of(elements), format, 0);

      String message = "seed %s, round %s".formatted(seed, round);
      // If a bound cuts a bin, the elements of the bin are not spread quite evenly.
      assertWithMessage(message).that(counted.lost()).isWithin(200).of(lost);
      assertWithMessage(message).that(counted.near()).isWithin(400).of(near);
      assertThat(counted.nonzero()).isEqualTo(elements.length);
    }
  }

  @Test
  void histogramsAddUp() {
    FixedPoint format = FixedPoint.signed(8, 3);
    Histogram a = Histogram.of(1, 2, 30, -0.1f, 0);
    Histogram b = Histogram.of(-1e9f, 5, 0.3f);

    assertThat(LostElements.of(a.plus(b), format, 0))
        .isEqualTo(LostElements.of(a, format, 0).plus(LostElements.of(b, format, 0)));
  }

  /** One weight near 0 among 72 is no reason to choose another format; four are. */
  @Test
  void fewElementsOfASmallTensor() {
    assertThat(kernel(1).isTooCoarse()).isFalse();
    assertThat(kernel(3).isTooCoarse()).isFalse();
    assertThat(kernel(4).isTooCoarse()).isTrue();
  }

  private static LostElements kernel(int lost) {
    float[] elements = new float[72];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = i < lost ? 1e-6f : 50 + i;
    }
    return LostElements.of(Histogram.of(elements), FixedPoint.signed(8, 0), 0);
  }
}
