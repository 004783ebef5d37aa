package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;

/** Tests means, and the cases in which TensorFlow's float32 computes the same. */
final class AveragePoolTest {

  @Test
  void roundedOnceFromTheExactMean() {
    // A third is 1.33 quarters, 1.5 is 0.75 of 2.
    assertThat(mean(signed(8, -4), signed(8, -6), 1, 0, 0)).isEqualTo(1);
    assertThat(mean(signed(8, -4), signed(8, -3), 1, 2)).isEqualTo(1);
    // Ties: 1.5, -1.5, and 0.5 of 2^2.
    assertThat(mean(signed(8, 0), signed(8, 0), 1, 2)).isEqualTo(2);
    assertThat(mean(signed(8, 0), signed(8, 0), -1, -2)).isEqualTo(-1);
    assertThat(mean(signed(8, 0), signed(8, 2), 1, 3)).isEqualTo(1);
    // 0.75 is 0.375 of 2^1. Rounded to 1 first it would be 0.5, a tie.
    assertThat(mean(signed(8, 0), signed(8, 1), 1, 1, 1, 0)).isEqualTo(0);
    // So coarse that every code is 0, and so fine that every code saturates.
    assertThat(mean(FixedPoint.unsigned(16, 0), signed(8, 17), 65535)).isEqualTo(0);
    assertThat(mean(FixedPoint.unsigned(16, 0), signed(8, 100), 65535)).isEqualTo(0);
    assertThat(mean(FixedPoint.unsigned(16, 0), signed(8, -16), 65535, 65535)).isEqualTo(127);
    assertThat(mean(signed(16, 0), signed(8, -16), -1, 0, 0, 0)).isEqualTo(-127);
  }

  @Test
  void sameAsFloat32WithinTheBound() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      int bits = 2 + random.nextInt(11);
      FixedPoint output = new FixedPoint(bits, 0, random.nextBoolean());
      FixedPoint input =
          new FixedPoint(2 + random.nextInt(7), random.nextInt(6) - 3, random.nextBoolean());
      int coarser = Math.max(0, -input.frac());
      int count = 1 + random.nextInt(Math.min(600, 1 << (22 - bits - coarser)));
      int[] codes = RandomCodes.of(random, row(input, count), 1);

      assertWithMessage("seed %s, %s of %s %s", seed, output, count, input)
          .that(mean(input, output, codes))
          .isEqualTo(float32(input, output, codes));
    }
  }

  @Test
  void otherThanFloat32BeyondTheBound() {
    // 40000 + 128/257 is 1/514 below a tie; float32 has steps of 1/256 there.
    FixedPoint format = FixedPoint.unsigned(16, 0);
    int[] codes = IntStream.range(0, 257).map(i -> i < 128 ? 40001 : 40000).toArray();

    assertThat(mean(format, format, codes)).isEqualTo(40000);
    assertThat(float32(format, format, codes)).isEqualTo(40001);
  }

  private static FixedPoint signed(int bits, int exponent) {
    return FixedPoint.signed(bits, exponent);
  }

  private static IntegerTensor row(FixedPoint format, int count) {
    return new IntegerTensor("x", List.of(1, count, 1), format);
  }

  private static int mean(FixedPoint inputFormat, FixedPoint outputFormat, int... codes) {
    IntegerTensor input = row(inputFormat, codes.length);
    IntegerTensor output = new IntegerTensor("y", List.of(1), outputFormat);
    AveragePool pool =
        new AveragePool(
            "mean", input, Window.of(1, codes.length), CodeRange.all(outputFormat), output);
    return IntegerEngine.of(new IntegerModel("m", input, output, List.of(pool))).run(codes)[0];
  }

  /**
   * Returns the code that FakeQuantWithMinMaxVars computes for the mean, in its order of
   * operations.
   */
  private static int float32(FixedPoint input, FixedPoint output, int... codes) {
    float sum = 0;
    for (int code : codes) {
      sum += input.dequantize(code);
    }
    float mean = sum / codes.length;
    float min = output.dequantize(output.minCode());
    float max = output.dequantize(output.maxCode());
    float shifted = Math.max(min, Math.min(max, mean)) - min;
    float steps = shifted * Math.scalb(1f, -output.frac());
    return (int) Math.floor(steps + 0.5f) + output.minCode();
  }
}
