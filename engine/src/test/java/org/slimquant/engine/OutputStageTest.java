package org.slimquant.engine;

import static com.google.common.truth.Truth.assertWithMessage;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;

/** Tests rounding and clamping, for every shift and for sums up to the largest. */
final class OutputStageTest {

  @Test
  void everyShift() {
    for (int bits = 2; bits <= 16; bits++) {
      for (boolean signed : new boolean[] {true, false}) {
        // Formats have exponents from -126 to 128 - bits, and accumulators have sums of two of
        // them.
        for (int shift = -320; shift <= 320; shift++) {
          long seed = shift * 100L + bits;
          FixedPoint format = new FixedPoint(bits, -60, signed);
          IntegerTensor tensor = new IntegerTensor("x", List.of(1), format);
          Requantize op = new Requantize("r", tensor, CodeRange.all(format), tensor);
          OutputStage stage = OutputStage.of(op, format.frac() - shift);
          for (long sum : sums(new Random(seed), shift)) {
            assertWithMessage("seed %s, %s, shift %s, sum %s", seed, format, shift, sum)
                .that(stage.code(sum))
                .isEqualTo(
                    Oracle.round(
                        op, BigInteger.valueOf(sum), BigInteger.ONE, format.frac() - shift));
            int low = (int) sum;
            int[] sums = {0, low, low, 0};
            stage.round(sums, 1, 2);
            assertWithMessage("seed %s, %s, shift %s, sum %s", seed, format, shift, low)
                .that(sums)
                .isEqualTo(new int[] {0, stage.code(low), stage.code(low), 0});
          }
        }
      }
    }
  }

  /** Returns extremes, ties, and the numbers next to ties. */
  private static long[] sums(Random random, int shift) {
    long largest = (1L << 61) - 1;
    long[] sums = new long[40];
    for (int i = 0; i < sums.length; i++) {
      long any = random.nextLong() >> (3 + random.nextInt(60));
      int low = Math.max(1, Math.min(60, shift));
      long tie = (any >> low << low) + (1L << (low - 1)) + random.nextInt(3) - 1;
      long sum =
          switch (i) {
            case 0 -> largest;
            case 1 -> -largest;
            case 2 -> 0;
            case 3 -> 1;
            case 4 -> -1;
            default -> i % 2 == 0 ? any : tie;
          };
      sums[i] = Math.max(-largest, Math.min(largest, sum));
    }
    return sums;
  }
}
