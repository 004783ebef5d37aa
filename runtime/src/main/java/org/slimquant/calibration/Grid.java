package org.slimquant.calibration;

/**
 * The coarsest power of two of which numbers are multiples, as its exponent: -4 for 0.5, 0.75 and
 * 0.0625. Pixels, counts and codes lie on a grid far coarser than float32's own, and a format whose
 * step is not coarser rounds none of them.
 */
final class Grid {

  /** The grid of zeros, which are multiples of every power. */
  static final int OF_ZEROS = Integer.MAX_VALUE;

  private static final int MANTISSA_BITS = 23;

  /** The grid of numbers that were not examined: that of all float32. */
  static final int OF_ANY = Float.MIN_EXPONENT - MANTISSA_BITS;

  private Grid() {}

  /** Returns the grid of numbers, all finite. Subnormal ones count as 0. */
  static int of(float... numbers) {
    int grid = OF_ZEROS;
    for (float number : numbers) {
      grid = Math.min(grid, of(number));
    }
    return grid;
  }

  private static int of(float number) {
    if (Math.abs(number) < Float.MIN_NORMAL) {
      return OF_ZEROS;
    }
    // The bit above the mantissa counts, although it is not stored.
    int mantissa = Float.floatToRawIntBits(number) | 1 << MANTISSA_BITS;
    return Math.getExponent(number) - MANTISSA_BITS + Integer.numberOfTrailingZeros(mantissa);
  }
}
