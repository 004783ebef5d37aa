package org.slimquant.format;

import java.util.Collections;
import java.util.List;

/** The exponents {@code d} of steps {@code 2^d}. */
public final class Exponents {

  private Exponents() {}

  /**
   * Returns exponents as tables show them: {@code -7}, or {@code -9..-6} where the smallest and the
   * largest differ.
   */
  public static String range(List<Integer> exponents) {
    return range(Collections.min(exponents), Collections.max(exponents));
  }

  /** Returns the range from {@code smallest} to {@code largest} as tables show it. */
  public static String range(int smallest, int largest) {
    return smallest == largest ? Integer.toString(smallest) : smallest + ".." + largest;
  }

  /**
   * Returns whether a format of {@code bits} bits may have this exponent: step and range are
   * normal.
   */
  static boolean fit(int bits, int exponent) {
    return exponent >= Float.MIN_EXPONENT && exponent <= largest(bits);
  }

  /** Returns the largest exponent at {@code bits} bits. */
  public static int largest(int bits) {
    return Float.MAX_EXPONENT + 1 - bits;
  }

  /**
   * Returns the exponent of the smallest power of two above a number that is not negative: the
   * number of its bits.
   */
  public static int bitsOf(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
