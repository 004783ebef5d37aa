package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;

/** Compares the error that a histogram predicts with the error of the elements. */
final class QuantizationErrorTest {

  /** Elements that are spread evenly over each bin have the error of the formulas. */
  @Test
  void evenlySpreadElements() {
    int n = 1 << 19;
    float[] elements = new float[n];
    for (int i = 0; i < n; i++) {
      elements[i] = (float) ((i + 0.5) / n * 4 - 1.5);
    }
    for (FixedPoint format :
        new FixedPoint[] {
          FixedPoint.signed(8, -6),
          FixedPoint.signed(8, -8),
          FixedPoint.signed(4, -2),
          FixedPoint.unsigned(8, -7),
          FixedPoint.unsigned(3, 2)
        }) {
      QuantizationError loss = QuantizationError.of(Histogram.of(elements), format);
      QuantizationError exact = exact(elements, format);

      assertThat(loss.count()).isEqualTo(n);
      assertWithMessage("%s", format).that(loss.noise() / exact.noise()).isWithin(1e-3).of(1);
      assertThat(loss.signal() / exact.signal()).isWithin(1e-4).of(1);
      assertThat(loss.clippedShare()).isWithin(1e-4).of(exact.clippedShare());
    }
  }

  @Test
  void arbitraryElementsAreWithinTheDocumentedError() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      FixedPoint format =
          new FixedPoint(2 + random.nextInt(15), random.nextInt(40) - 20, random.nextBoolean());
      // Few distinct elements, the worst case.
      float[] elements = new float[1 + random.nextInt(20)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (float) (random.nextGaussian() * format.max());
      }
      double bound = 0;
      for (float x : elements) {
        double excess = Math.max(0, Math.max(x - format.max(), format.min() - x));
        double width = Math.abs(x) / 32;
        bound += Math.pow(format.step(), 2) / 4 + width * (2 * excess + width);
      }

      assertWithMessage("%s", format)
          .that(
              Math.abs(
                  QuantizationError.of(Histogram.of(elements), format).noise()
                      - exact(elements, format).noise()))
          .isAtMost(bound);
    }
  }

  @Test
  void elementsOnTheGridOfTheFormatLoseNothing() {
    float[] pixels = new float[256];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i / 256f;
    }
    assertThat(QuantizationError.of(Histogram.of(pixels), FixedPoint.unsigned(8, -8)).sqnrDb())
        .isPositiveInfinity();
    assertThat(QuantizationError.of(Histogram.of(pixels), FixedPoint.signed(16, -9)).noise())
        .isEqualTo(0);
    assertThat(QuantizationError.of(Histogram.of(pixels), FixedPoint.unsigned(8, -7)).noise())
        .isGreaterThan(0d);
  }

  @Test
  void elementsOnAGridLoseWhatSaturates() {
    float[] elements = new float[1 << 19];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = Math.scalb(i, -17) - 1.5f;
    }
    FixedPoint[] formats = {FixedPoint.signed(16, -17), FixedPoint.unsigned(16, -17)};
    for (FixedPoint format : formats) {
      QuantizationError loss = QuantizationError.of(Histogram.of(elements), format);

      assertWithMessage("%s", format)
          .that(loss.noise() / exact(elements, format).noise())
          .isWithin(1e-4)
          .of(1);
    }
  }

  @Test
  void aConstantHasItsOwnError() {
    for (float x : new float[] {0, 1, -1, 0.3f, 100, -0.001f}) {
      float[] elements = {x, x, x};
      for (FixedPoint format :
          new FixedPoint[] {FixedPoint.signed(8, -7), FixedPoint.unsigned(8, -4)}) {
        assertThat(QuantizationError.of(Histogram.of(elements), format))
            .isEqualTo(exact(elements, format));
      }
    }
  }

  @Test
  void theLargestNumbersInTheFinestFormat() {
    float[] elements = {-Float.MAX_VALUE, Float.MAX_VALUE, 1e-30f, Float.MIN_VALUE, -0f};
    QuantizationError loss =
        QuantizationError.of(Histogram.of(elements), FixedPoint.signed(8, -126));

    assertThat(loss.noise() / exact(elements, FixedPoint.signed(8, -126)).noise())
        .isWithin(0.05)
        .of(1);
    assertThat(loss.clipped()).isEqualTo(3);
  }

  static QuantizationError exact(float[] elements, FixedPoint format) {
    double signal = 0;
    double noise = 0;
    for (float x : elements) {
      signal += (double) x * x;
      noise += Math.pow((double) format.dequantize(format.quantize(x)) - x, 2);
    }
    return new QuantizationError(
        signal,
        noise,
        IntStream.range(0, elements.length)
            .mapToDouble(i -> elements[i])
            .map(x -> Math.floor(Math.scalb(x, -format.frac()) + 0.5))
            .filter(code -> code < format.minCode() || code > format.maxCode())
            .count(),
        elements.length);
  }
}
