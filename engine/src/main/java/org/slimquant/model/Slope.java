package org.slimquant.model;

/**
 * A factor that is 0 or a power of two with a sign.
 *
 * @param sign 1, -1, or 0 for the factor 0
 * @param exponent the exponent of the power, -126 to 127, so that the factor is a normal float32; 0
 *     for the factor 0
 */
public record Slope(int sign, int exponent) {

  /** The factor 1. */
  public static final Slope ONE = new Slope(1, 0);

  /** The factor 0. */
  public static final Slope ZERO = new Slope(0, 0);

  /**
   * Creates a factor.
   *
   * @throws IllegalArgumentException if sign or exponent is out of range
   */
  public Slope {
    if (Math.abs(sign) > 1) {
      throw new IllegalArgumentException(
          "the sign of a slope must be -1, 0 or 1, but is %d".formatted(sign));
    }
    boolean normal = exponent >= Float.MIN_EXPONENT && exponent <= Float.MAX_EXPONENT;
    if (sign == 0 ? exponent != 0 : !normal) {
      throw new IllegalArgumentException(
          "the exponent of a slope must be between %d and %d, and 0 if its sign is, but is %d"
              .formatted(Float.MIN_EXPONENT, Float.MAX_EXPONENT, exponent));
    }
  }

  /** Returns the factor as a number. */
  public double value() {
    return Math.scalb((double) sign, exponent);
  }

  /** Returns the factor in the form of tables: {@code -2^-3}, for example. */
  @Override
  public String toString() {
    return sign == 0 ? "0" : "%s2^%d".formatted(sign < 0 ? "-" : "", exponent);
  }
}
