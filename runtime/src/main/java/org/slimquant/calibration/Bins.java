package org.slimquant.calibration;

/**
 * The bins of a {@link Histogram}, by their numbers.
 *
 * <p>A bin holds the float32 numbers that agree in their first 14 bits: sign, exponent and the
 * first five bits of the mantissa. These bits are its number. With exponent {@code e} and the five
 * bits {@code m} it is
 *
 * <pre>{@code
 * [(32 + m) * 2^(e - 5), (33 + m) * 2^(e - 5))        width: 1/64 to 1/32 of its numbers
 * }</pre>
 *
 * <p>or its negative. The bins of subnormal numbers are the point 0.
 */
final class Bins {

  /** The number of bits by which a float32 is shifted right to get its bin. */
  static final int SHIFT = 18;

  /** The number of bins. */
  static final int COUNT = 1 << (Float.SIZE - SHIFT);

  private static final int SIGN = COUNT / 2;
  private static final int SLOTS = 32;

  private Bins() {}

  /** Returns the bin that holds {@code x}. */
  static int of(float x) {
    return Float.floatToRawIntBits(x) >>> SHIFT;
  }

  /** Returns whether the numbers in a bin are finite. */
  static boolean isFinite(int bin) {
    return Float.isFinite(Float.intBitsToFloat(bin << SHIFT));
  }

  /** Returns whether the numbers in a bin are negative. */
  static boolean isNegative(int bin) {
    return bin >= SIGN;
  }

  /** Returns the bin that holds the magnitudes of the numbers in a bin. */
  static int magnitude(int bin) {
    return bin % SIGN;
  }

  /** Returns the lower bound of a bin. */
  static double lower(int bin) {
    // The difference makes a negative zero positive.
    return isNegative(bin) ? 0 - far(bin) : near(bin);
  }

  /** Returns the upper bound of a bin. */
  static double upper(int bin) {
    return isNegative(bin) ? 0 - near(bin) : far(bin);
  }

  /** Returns the magnitude of the bound that is nearer to 0. */
  private static double near(int bin) {
    int exponent = magnitude(bin) / SLOTS;
    return exponent == 0 ? 0 : Math.scalb((double) SLOTS + bin % SLOTS, scale(exponent));
  }

  /** Returns the magnitude of the bound that is farther from 0. */
  private static double far(int bin) {
    int exponent = magnitude(bin) / SLOTS;
    return exponent == 0 ? 0 : Math.scalb(SLOTS + 1.0 + bin % SLOTS, scale(exponent));
  }

  private static int scale(int exponent) {
    return exponent - Float.MAX_EXPONENT - Integer.numberOfTrailingZeros(SLOTS);
  }
}
