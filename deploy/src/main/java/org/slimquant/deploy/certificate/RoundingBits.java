package org.slimquant.deploy.certificate;

import org.slimquant.format.Exponents;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;

/**
 * The bits in which a fake quant must compute to round as integers do. TensorFlow's op computes, in
 * float32 and in steps of the output,
 *
 * <pre>{@code
 * u = clamp(v, lo, hi)      exact
 * t = u - lo                rounded
 * y = floor(t + 1/2) + lo   the sum rounded
 * }</pre>
 *
 * where {@code lo} is the smallest code, {@code -M = -(2^(n-1) - 1)} or 0. The correct result is
 * {@code floor(v + 1/2)}. Rounding keeps the order of numbers, and ties and integers are float32
 * numbers here. So {@code y} is wrong only where {@code v} lies under a tie {@code T = q + 1/2} and
 * is rounded up to it.
 *
 * <p><b>Sums.</b> {@code v = a·2^-s} for an integer {@code a}, so a number that is not a tie lies
 * at least {@code 2^-s} under the next tie. With k the bits of {@code q - lo}, the numbers just
 * under {@code T - lo} have float32 neighbours {@code 2^(k-24)} apart. A number is rounded to the
 * tie if it lies no more than half of that distance under it. (At exactly half, float32 rounds to
 * even, and the tie is even.) The second sum rounds only below 1, where {@code k = 0}. There it
 * rounds as the first would have. Therefore all codes are right if and only if, for the highest tie
 * that sums come near,
 *
 * <pre>{@code
 * k + s <= 24
 * }</pre>
 *
 * <p>As {@code k <= n}, {@code n + s <= 24} is enough. In an unsigned format {@code t = u} is not
 * rounded, and only the tie 1/2 is left, with {@code k = 0}. If {@code s <= 0}, {@code v} is an
 * integer, and {@code t + 1/2} has n + 1 bits.
 *
 * <p><b>Averages</b> of {@code c = o·2^z} elements, o odd. If {@code o = 1}, the quotient is exact
 * and {@code v = a·2^-(s+z)} is a sum as above. Otherwise let {@code r = max(1, s + z)}: a number
 * under a tie lies at least {@code 1 / (o·2^r)} under it. The quotient is rounded by at most {@code
 * 2^(n-26)} and {@code t} by {@code 2^(n-25)}. (Where a tie is positive, {@code t >= 2u}, so the
 * quotient has one bit less. In an unsigned format the quotient is rounded by {@code 2^(n-25)}, and
 * {@code t} is not.) So {@code 3·o·2^r < 2^(26-n)} is enough, or
 *
 * <pre>{@code
 * n + r + bits(3·o) - 2 <= 24
 * }</pre>
 *
 * <p>For {@code o = 1} this would be {@code n + r} again. This needs a correctly rounded division,
 * which TensorFlow's pooling and mean use on a CPU. A product with {@code 1 / c} may miss a tie
 * that the quotient meets: 49 times the float32 number 1/49 is less than 1.
 */
final class RoundingBits {

  // Rounding moves a number by at most 2^(16-25) steps: sums that are further away from a tie do
  // not reach it.
  private static final int REACH = -9;

  // Sums are below 2^61, so shifts from here on leave all of them far from a tie.
  private static final int FAR = 63;

  private RoundingBits() {}

  /**
   * Returns the bits for the quotients of sums.
   *
   * @param output the format that is rounded to
   * @param range the codes that are clamped to; a tie outside this range changes nothing
   * @param shift the exponent of the output's step minus that of the sum's step
   * @param divisor the number by which a sum is divided
   * @param min a lower bound of the sums
   * @param max an upper bound of the sums
   */
  static int of(FixedPoint output, CodeRange range, int shift, int divisor, long min, long max) {
    int twos = Integer.numberOfTrailingZeros(divisor);
    long odd = divisor >> twos;
    if (odd == 1) {
      return ofGrid(output, range, shift + twos, min, max);
    }
    return output.bits() + Math.max(1, shift + twos) + Exponents.bitsOf(3 * odd) - 2;
  }

  private static int ofGrid(FixedPoint output, CodeRange range, int shift, long min, long max) {
    if (shift <= 0) {
      return output.bits() + 1;
    }
    if (shift >= FAR) {
      return 0;
    }
    long tie = Math.min(highestTie(shift, max), range.max() - 1L);
    boolean reached = tie >= range.min() && min < (2 * tie + 1) << (shift - 1);
    if (!reached) {
      return 0;
    }
    return output.signed() ? Exponents.bitsOf(tie - output.minCode()) + shift : shift;
  }

  /** Returns the largest q for which a sum may come within reach of q + 1/2 from below. */
  private static long highestTie(int shift, long max) {
    long reach = 1L << Math.max(0, shift + REACH);
    return Math.floorDiv(Math.floorDiv(max + reach, 1L << (shift - 1)) - 1, 2);
  }
}
