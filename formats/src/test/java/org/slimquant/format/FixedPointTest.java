package org.slimquant.format;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FixedPointTest {

  @Test
  void signedIsSymmetric() {
    FixedPoint format = FixedPoint.signed(8, -7);

    assertThat(format.step()).isEqualTo(1f / 128);
    assertThat(format.minCode()).isEqualTo(-127);
    assertThat(format.maxCode()).isEqualTo(127);
    assertThat(format.min()).isEqualTo(-127f / 128);
    assertThat(format.max()).isEqualTo(127f / 128);
    assertThat(format.toString()).isEqualTo("int8 * 2^-7");
  }

  @Test
  void unsignedStartsAtZero() {
    FixedPoint format = FixedPoint.unsigned(8, -5);

    assertThat(format.step()).isEqualTo(1f / 32);
    assertThat(format.minCode()).isEqualTo(0);
    assertThat(format.maxCode()).isEqualTo(255);
    assertThat(format.min()).isEqualTo(0f);
    assertThat(format.max()).isEqualTo(255f / 32);
    assertThat(format.toString()).isEqualTo("uint8 * 2^-5");
  }

  @Test
  void tiesRoundUp() {
    FixedPoint format = FixedPoint.signed(8, 0);

    assertThat(format.quantize(2.5f)).isEqualTo(3);
    assertThat(format.quantize(-2.5f)).isEqualTo(-2);
    assertThat(format.quantize(-0.5f)).isEqualTo(0);
    assertThat(format.quantize(Math.nextDown(0.5f))).isEqualTo(0);
  }

  @Test
  void numbersOutsideTheRangeSaturate() {
    FixedPoint format = FixedPoint.signed(8, -7);

    assertThat(format.quantize(1f)).isEqualTo(127);
    assertThat(format.quantize(-1f)).isEqualTo(-127);
    assertThat(format.quantize(Float.POSITIVE_INFINITY)).isEqualTo(127);
    assertThat(format.quantize(Float.NEGATIVE_INFINITY)).isEqualTo(-127);
    assertThat(FixedPoint.unsigned(8, -7).quantize(-1f)).isEqualTo(0);
  }

  @Test
  void nanHasNoCode() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> FixedPoint.signed(8, -7).quantize(Float.NaN));

    assertThat(thrown).hasMessageThat().isEqualTo("a number must be quantized, but is NaN");
  }

  @Test
  void everyCodeSurvivesTheWayThroughItsNumber() {
    for (int bits = 2; bits <= 16; bits++) {
      for (int frac : new int[] {-126, -30, -7, 0, 20, 128 - bits}) {
        for (FixedPoint format :
            new FixedPoint[] {FixedPoint.signed(bits, frac), FixedPoint.unsigned(bits, frac)}) {
          for (int code = format.minCode(); code <= format.maxCode(); code++) {
            assertThat(format.quantize(format.dequantize(code))).isEqualTo(code);
          }
        }
      }
    }
  }

  @Test
  void agreesWithDecimalArithmeticOnArbitraryNumbers() {
    long seed = 20260101;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      int bits = 2 + random.nextInt(15);
      int frac = -126 + random.nextInt(255 - bits);
      FixedPoint format = new FixedPoint(bits, frac, random.nextBoolean());
      float x =
          random.nextBoolean()
              ? Float.intBitsToFloat(random.nextInt())
              : (float) (random.nextGaussian() * format.max());
      if (Float.isFinite(x)) {
        assertWithMessage("seed %s: %s in %s", seed, x, format)
            .that(format.quantize(x))
            .isEqualTo(decimalCode(x, format));
      }
    }
  }

  private static int decimalCode(float x, FixedPoint format) {
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal step =
        format.frac() >= 0
            ? two.pow(format.frac())
            : BigDecimal.ONE.divide(two.pow(-format.frac()));
    return new BigDecimal(x)
        .divide(step)
        .add(new BigDecimal("0.5"))
        .setScale(0, RoundingMode.FLOOR)
        .max(BigDecimal.valueOf(format.minCode()))
        .min(BigDecimal.valueOf(format.maxCode()))
        .intValueExact();
  }

  @Test
  void bitsOutOfRange() {
    for (int bits : new int[] {-1, 0, 1, 17, 32}) {
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> FixedPoint.signed(bits, 0));

      assertThat(thrown)
          .hasMessageThat()
          .isEqualTo("bits must be between 2 and 16, but is " + bits);
    }
  }

  @Test
  void fracOutOfRange() {
    for (int frac : new int[] {Integer.MIN_VALUE, -127, 121, Integer.MAX_VALUE}) {
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> FixedPoint.unsigned(8, frac));

      assertThat(thrown)
          .hasMessageThat()
          .isEqualTo(
              "frac must be between -126 and 120 at 8 bits, or step or range leave normal float32,"
                  + " but is "
                  + frac);
    }
  }

  @Test
  void codeOutOfRange() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> FixedPoint.signed(8, -7).dequantize(-128));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo("a code of int8 * 2^-7 must be between -127 and 127, but is -128");
  }
}
