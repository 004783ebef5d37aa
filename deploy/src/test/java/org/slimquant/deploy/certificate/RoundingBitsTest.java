package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;

/**
 * The derivation against the op's float32 arithmetic, in Java. Both the op and exact rounding keep
 * the order of numbers, so that they agree everywhere if they agree at every tie and at the last
 * number under it.
 */
final class RoundingBitsTest {

  private static final int EXACT = 24;
  private static final long EXACT_SUM = 1L << 24;

  /** For every format, shift and tie: 24 bits or fewer if and only if all sums up to it agree. */
  @Test
  void sumsAgreeIfAndOnlyIfTheBitsAreEnough() {
    for (int bits = 2; bits <= 16; bits++) {
      for (int shift = 1; shift <= 26; shift++) {
        for (FixedPoint output :
            new FixedPoint[] {FixedPoint.signed(bits, shift), FixedPoint.unsigned(bits, shift)}) {
          assertBitsAreRight(output, CodeRange.all(output));
          assertBitsAreRight(output, CodeRange.relu(output));
          assertBitsAreRight(output, new CodeRange(0, 1));
        }
      }
    }
  }

  private static void assertBitsAreRight(FixedPoint output, CodeRange range) {
    int shift = output.frac();
    boolean agree = true;
    for (int code = output.minCode(); code < output.maxCode(); code++) {
      long under = ((2L * code + 1) << (shift - 1)) - 1;
      if (Math.abs(under) > EXACT_SUM) {
        continue;
      }
      agree &= agrees(output, range, shift, 1, under) && agrees(output, range, shift, 1, under + 1);
      int found = RoundingBits.of(output, range, shift, 1, -EXACT_SUM, under);
      if (found <= EXACT != agree) {
        assertWithMessage("%s, sums up to %s", output, under)
            .that("%d bits".formatted(found))
            .isEqualTo(agree ? "at most 24" : "more than 24");
      }
    }
  }

  @Test
  void everySumAtTheBound() {
    for (FixedPoint output :
        new FixedPoint[] {
          FixedPoint.signed(8, 16), FixedPoint.signed(16, 8), FixedPoint.unsigned(16, 10)
        }) {
      CodeRange range = CodeRange.all(output);
      assertThat(RoundingBits.of(output, range, output.frac(), 1, -EXACT_SUM, EXACT_SUM))
          .isAtMost(EXACT);
      for (long sum = -EXACT_SUM; sum <= EXACT_SUM; sum++) {
        if (!agrees(output, range, output.frac(), 1, sum)) {
          throw new AssertionError("%s differs at sum %d".formatted(output, sum));
        }
      }
    }
  }

  @Test
  void sumsThatStayBelowTheFirstTieMayBeShiftedFar() {
    FixedPoint output = FixedPoint.signed(8, 0);
    CodeRange range = CodeRange.all(output);
    for (int shift = 26; shift <= 36; shift++) {
      assertThat(RoundingBits.of(output, range, shift, 1, -EXACT_SUM, EXACT_SUM)).isEqualTo(0);
      for (long sum : new long[] {-EXACT_SUM, -1, 0, 1, EXACT_SUM}) {
        assertThat(agrees(output, range, shift, 1, sum)).isTrue();
      }
    }
  }

  @Test
  void relu6ThatIsNoCode() {
    for (int exponent = -8; exponent <= 12; exponent++) {
      for (int bits = 2; bits <= 16; bits++) {
        FixedPoint output = FixedPoint.signed(bits, exponent);
        float six = Math.scalb(6f, -exponent);
        assertWithMessage("%s", output)
            .that(fakeQuant(output, six))
            .isEqualTo(CodeRange.relu6(output).max());
      }
    }
  }

  /** For counts up to 700 at the shifts at which their sums meet ties, or come near them. */
  @Test
  void averagesAgreeIfTheBitsAreEnough() {
    for (int bits : new int[] {2, 3, 5, 8, 12, 16}) {
      // The more codes, the fewer counts are exact.
      for (int divisor = 1; divisor <= (bits <= 8 ? 700 : 70); divisor++) {
        for (int shift = -3; shift <= 18; shift++) {
          for (FixedPoint output :
              new FixedPoint[] {FixedPoint.signed(bits, 0), FixedPoint.unsigned(bits, 0)}) {
            CodeRange range = CodeRange.all(output);
            if (RoundingBits.of(output, range, shift, divisor, -EXACT_SUM, EXACT_SUM) <= EXACT
                && !agreesAtEveryTie(output, range, shift, divisor)) {
              throw new AssertionError(
                  "%s, shift %d: the mean of %d differs".formatted(output, shift, divisor));
            }
          }
        }
      }
    }
  }

  /** The bits that are said to be needed are at most one more than those that are. */
  @Test
  void averagesDifferIfTheBitsAreNotEnough() {
    FixedPoint output = FixedPoint.signed(16, 0);
    CodeRange range = CodeRange.all(output);
    for (int divisor = 3; divisor < 100; divisor += 2) {
      // A shift by one more takes one bit more.
      int bits = RoundingBits.of(output, range, 1, divisor, -EXACT_SUM, EXACT_SUM);
      int shift = 1 + EXACT + 2 - bits;
      assertWithMessage("shift %s, mean of %s", shift, divisor)
          .that(agreesAtEveryTie(output, range, shift, divisor))
          .isFalse();
    }
  }

  private static boolean agreesAtEveryTie(
      FixedPoint output, CodeRange range, int shift, int divisor) {
    for (int code = output.minCode(); code < output.maxCode(); code++) {
      long tie = ((2L * code + 1) * divisor) << Math.max(0, shift - 1);
      long from = -Math.floorDiv(-tie, 1L << Math.max(0, 1 - shift));
      for (long sum = from - 1; sum <= from; sum++) {
        if (Math.abs(sum) <= EXACT_SUM && !agrees(output, range, shift, divisor, sum)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean agrees(
      FixedPoint output, CodeRange range, int shift, int divisor, long sum) {
    long numerator = (2 * sum) << Math.max(0, -shift);
    long half = (long) divisor << Math.max(0, shift);
    long exact = Math.floorDiv(numerator + half, 2 * half);
    float quotient = Math.scalb((float) sum / divisor, -shift);
    float active = Math.max(range.min(), Math.min(range.max(), quotient));
    return fakeQuant(output, active) == Math.max(range.min(), Math.min(range.max(), exact));
  }

  /** What FakeQuantWithMinMaxVars computes, in steps. */
  private static int fakeQuant(FixedPoint format, float steps) {
    float low = format.minCode();
    float clamped = Math.max(low, Math.min(format.maxCode(), steps));
    float shifted = clamped - low;
    return (int) Math.floor(shifted + 0.5f) + format.minCode();
  }
}
