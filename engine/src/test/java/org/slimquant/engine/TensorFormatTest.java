package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Codes and the numbers they stand for. */
final class TensorFormatTest {

  @Test
  void ranges() {
    assertThat(TensorFormat.signed(8, -7).minCode()).isEqualTo(-127);
    assertThat(TensorFormat.signed(8, -7).maxCode()).isEqualTo(127);
    assertThat(TensorFormat.unsigned(16, 0).minCode()).isEqualTo(0);
    assertThat(TensorFormat.unsigned(16, 0).maxCode()).isEqualTo(65535);
    assertThat(TensorFormat.signed(2, 126).minCode()).isEqualTo(-1);
  }

  @Test
  void codeOfAnyNumber() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      int bits = 2 + random.nextInt(15);
      int exponent = random.nextInt(255 - bits) - 126;
      TensorFormat format = new TensorFormat(bits, exponent, random.nextBoolean());
      float near = Math.scalb((random.nextInt(1 << 18) - (1 << 17)) / 4f, exponent);
      float x = random.nextBoolean() ? near : Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(x)) {
        assertWithMessage("seed %s, %s of %s", seed, format, x)
            .that(format.quantize(x))
            .isEqualTo(code(format, x));
      }
    }
  }

  /** Returns {@code clamp(floor(x / step + 1/2))} in decimals, which are exact. */
  private static int code(TensorFormat format, float x) {
    BigDecimal step = new BigDecimal(Math.scalb(1f, format.exponent()));
    BigDecimal half = new BigDecimal("0.5");
    return new BigDecimal(x)
        .divide(step)
        .add(half)
        .setScale(0, RoundingMode.FLOOR)
        .max(BigDecimal.valueOf(format.minCode()))
        .min(BigDecimal.valueOf(format.maxCode()))
        .intValueExact();
  }

  @Test
  void everyCodeReturns() {
    for (int bits = 2; bits <= 16; bits++) {
      for (int exponent : new int[] {-126, -7, 0, 128 - bits}) {
        for (boolean signed : new boolean[] {true, false}) {
          TensorFormat format = new TensorFormat(bits, exponent, signed);
          for (int code = format.minCode(); code <= format.maxCode(); code++) {
            assertThat(format.quantize(format.dequantize(code))).isEqualTo(code);
          }
        }
      }
    }
  }

  @Test
  void infinities() {
    assertThat(TensorFormat.signed(8, -7).quantize(Float.POSITIVE_INFINITY)).isEqualTo(127);
    assertThat(TensorFormat.unsigned(8, -7).quantize(Float.NEGATIVE_INFINITY)).isEqualTo(0);
  }

  @Test
  void outOfRange() {
    assertFails(() -> TensorFormat.signed(1, 0), "bits must be between 2 and 16, but is 1");
    assertFails(() -> TensorFormat.signed(17, 0), "bits must be between 2 and 16, but is 17");
    assertFails(
        () -> TensorFormat.signed(8, -127),
        "exponent must be between -126 and 120 at 8 bits, or step or range leave normal float32, but is -127");
    assertFails(
        () -> TensorFormat.unsigned(16, 113),
        "exponent must be between -126 and 112 at 16 bits, or step or range leave normal float32, but is 113");
    assertFails(
        () -> TensorFormat.signed(8, 0).quantize(Float.NaN),
        "a number must be quantized, but is NaN");
    assertFails(
        () -> TensorFormat.signed(8, -7).dequantize(-128),
        "a code of int8 * 2^-7 must be between -127 and 127, but is -128");
  }

  @Test
  void activations() {
    TensorFormat format = TensorFormat.unsigned(8, -5);
    assertThat(CodeRange.all(format)).isEqualTo(new CodeRange(0, 255));
    assertThat(CodeRange.relu6(format)).isEqualTo(new CodeRange(0, 192));
    assertThat(CodeRange.relu(TensorFormat.signed(8, -5))).isEqualTo(new CodeRange(0, 127));
    assertThat(CodeRange.relu6(TensorFormat.signed(8, -5))).isEqualTo(new CodeRange(0, 127));
    // 6 / 4 + 1/2 = 2
    assertThat(CodeRange.relu6(TensorFormat.signed(8, 2))).isEqualTo(new CodeRange(0, 2));
    assertFails(() -> new CodeRange(1, 0), "a range of codes must not be empty, but is 1 .. 0");
  }

  private static void assertFails(Runnable run, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, run::run))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
