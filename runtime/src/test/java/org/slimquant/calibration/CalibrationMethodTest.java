package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.Range;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.FixedPoint;

/** Compares each method with the elements themselves. */
final class CalibrationMethodTest {

  private static final long SEED = 11;

  @Test
  void maxIsTheSmallestExponentThatClipsNothing() {
    forManyTensors(
        (elements, bits, signed) -> {
          int frac = choose(CalibrationMethod.MAX, elements, bits, signed);

          assertThat(reach(elements, signed))
              .isAtMost((double) new FixedPoint(bits, frac, signed).max());
          assertThat(reach(elements, signed))
              .isGreaterThan((double) new FixedPoint(bits, frac - 1, signed).max());
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {99.99, 99, 50, 100, 0.001})
  void percentileHoldsItsElementAndNoneThatIsABinLarger(double percent) {
    CalibrationMethod method = CalibrationMethod.percentile(percent);
    forManyTensors(
        (elements, bits, signed) -> {
          double[] sizes =
              toDoubles(elements)
                  .map(x -> signed ? Math.abs(x) : Math.max(0, x))
                  .sorted()
                  .toArray();
          double exact = sizes[(int) Math.ceil(sizes.length * percent / 100 - 1e-9) - 1];
          int frac = choose(method, elements, bits, signed);

          if (exact > 0) {
            assertThat(exact).isAtMost((double) new FixedPoint(bits, frac, signed).max());
            assertThat(exact * 33 / 32)
                .isGreaterThan((double) new FixedPoint(bits, frac - 1, signed).max());
          } else {
            assertThat(frac).isEqualTo(choose(CalibrationMethod.MAX, elements, bits, signed));
          }
        });
  }

  @Test
  void minMseHasTheLeastErrorOfItsCandidates() {
    forManyTensors(
        (elements, bits, signed) -> {
          int coarsest = choose(CalibrationMethod.MAX, elements, bits, signed);
          int chosen = choose(CalibrationMethod.MIN_MSE, elements, bits, signed);
          double least = Double.POSITIVE_INFINITY;
          for (int frac = coarsest; frac >= coarsest - 4; frac--) {
            least = Math.min(least, noise(elements, bits, frac, signed));
          }

          assertThat(chosen).isIn(Range.closed(coarsest - 4, coarsest));
          assertThat(noise(elements, bits, chosen, signed)).isAtMost(1.01 * least);
        });
  }

  @Test
  void anOutlierIsClippedByMinMseAndPercentileOnly() {
    Random random = new Random(SEED);
    float[] elements = new float[100_000];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    elements[0] = 20;

    assertThat(choose(CalibrationMethod.MAX, elements, 8, true)).isEqualTo(-2);
    // Of 100,000 steps^2 / 12 and the outlier's excess: 521 at -2, 130 + 17 at -3, 33 + 146 at -4.
    assertThat(choose(CalibrationMethod.MIN_MSE, elements, 8, true)).isEqualTo(-3);
    assertThat(choose(CalibrationMethod.PERCENTILE, elements, 8, true)).isEqualTo(-4);
  }

  @Test
  void pixelsOnAGridKeepTheirStep() {
    float[] pixels = new float[17_000];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 17 / 16f;
    }
    // 1 does not fit 255 * 2^-8, which has the finer step.
    assertThat(choose(CalibrationMethod.MIN_MSE, pixels, 8, false)).isEqualTo(-7);
    assertThat(choose(CalibrationMethod.MIN_MSE, pixels, 8, true)).isEqualTo(-6);
  }

  @Test
  void aTensorWithoutReachHasNoExponent() {
    for (CalibrationMethod method :
        new CalibrationMethod[] {
          CalibrationMethod.MIN_MSE, CalibrationMethod.MAX, CalibrationMethod.PERCENTILE
        }) {
      assertThat(method.frac(Histogram.of(0, -0f, 0), 8, true)).isEqualTo(OptionalInt.empty());
      assertThat(method.frac(Histogram.of(0, -3), 8, false)).isEqualTo(OptionalInt.empty());
      assertThat(method.frac(Histogram.of(Float.MIN_VALUE, -1e-40f), 8, true))
          .isEqualTo(OptionalInt.empty());
    }
  }

  @Test
  void constantsSitInTheCoarsestExponentThatHoldsThemExactly() {
    assertThat(choose(CalibrationMethod.MIN_MSE, new float[] {1, 1}, 8, true)).isEqualTo(-6);
    assertThat(choose(CalibrationMethod.MIN_MSE, new float[] {-127}, 8, true)).isEqualTo(0);
    assertThat(choose(CalibrationMethod.MIN_MSE, new float[] {255}, 8, false)).isEqualTo(0);
    assertThat(choose(CalibrationMethod.PERCENTILE, new float[] {127}, 8, true)).isEqualTo(0);
  }

  @Test
  void theExponentStaysLegal() {
    for (CalibrationMethod method :
        new CalibrationMethod[] {
          CalibrationMethod.MIN_MSE, CalibrationMethod.MAX, CalibrationMethod.PERCENTILE
        }) {
      for (boolean signed : new boolean[] {true, false}) {
        assertThat(choose(method, new float[] {Float.MIN_NORMAL, 0}, 8, signed)).isEqualTo(-126);
        assertThat(choose(method, new float[] {Float.MAX_VALUE, 0}, 8, signed)).isEqualTo(120);
      }
    }
  }

  @Test
  void nearlyAllElementsAreZero() {
    float[] elements = new float[100_000];
    elements[7] = 3;

    assertThat(choose(CalibrationMethod.PERCENTILE, elements, 8, true))
        .isEqualTo(choose(CalibrationMethod.MAX, elements, 8, true));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 100.1, Double.NaN})
  void percentileOutOfRange(double percent) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> CalibrationMethod.percentile(percent));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo("a percentile must be above 0 and at most 100, but is " + percent);
  }

  @Test
  void names() {
    assertThat(CalibrationMethod.MIN_MSE.toString()).isEqualTo("MIN_MSE");
    assertThat(CalibrationMethod.MAX.toString()).isEqualTo("MAX");
    assertThat(CalibrationMethod.PERCENTILE.toString()).isEqualTo("PERCENTILE 99.99");
  }

  private interface Check {
    void accept(float[] elements, int bits, boolean signed);
  }

  private static void forManyTensors(Check check) {
    Random random = new Random(SEED);
    for (int round = 0; round < 60; round++) {
      double scale = Math.scalb(1 + random.nextDouble(), random.nextInt(40) - 20);
      float[] elements = elements(random, round % 4, scale);
      for (int bits : new int[] {4, 8, 16}) {
        for (boolean signed : new boolean[] {true, false}) {
          try {
            check.accept(elements, bits, signed);
          } catch (AssertionError e) {
            throw new AssertionError(
                "seed %d, round %d, %d bits, %s".formatted(SEED, round, bits, signed), e);
          }
        }
      }
    }
  }

  private static float[] elements(Random random, int kind, double scale) {
    Supplier<Double> next =
        switch (kind) {
          case 0 -> random::nextGaussian;
          case 1 -> () -> Math.max(0, random.nextGaussian());
          case 2 -> () -> Math.log(random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
          default -> () -> random.nextDouble() - 0.25;
        };
    float[] elements = new float[5_000 + random.nextInt(30_000)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) (scale * next.get());
    }
    return elements;
  }

  private static int choose(CalibrationMethod method, float[] elements, int bits, boolean signed) {
    return method.frac(Histogram.of(elements), bits, signed).orElseThrow();
  }

  private static double reach(float[] elements, boolean signed) {
    return toDoubles(elements).map(x -> signed ? Math.abs(x) : x).max().orElseThrow();
  }

  private static double noise(float[] elements, int bits, int frac, boolean signed) {
    return QuantizationErrorTest.exact(elements, new FixedPoint(bits, frac, signed)).noise();
  }

  private static DoubleStream toDoubles(float[] elements) {
    double[] doubles = new double[elements.length];
    Arrays.setAll(doubles, i -> elements[i]);
    return Arrays.stream(doubles);
  }
}
