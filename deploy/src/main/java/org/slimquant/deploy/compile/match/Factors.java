package org.slimquant.deploy.compile.match;

import java.util.stream.DoubleStream;
import org.slimquant.format.Exponents;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;

/**
 * The codes of constants by which data is multiplied, one for each channel. They have no format in
 * a plan. Each is a code of at most 16 bits, times a power of two:
 *
 * <pre>{@code
 * 0.75 = 3 * 2^-2        3 = 3 * 2^0        0.1f has 24 bits, and no code
 * }</pre>
 */
public final class Factors {

  /** The flag of a convolution whose kernel are factors. */
  public static final String FLAG = "factors";

  private static final int MOST_BITS = 16;
  private static final int USUAL_BITS = 8;
  private static final int LEAST_BITS = 2;

  private Factors() {}

  /** Returns whether a number is a power of two, or the negative of one. */
  public static boolean isPowerOfTwo(double number) {
    return number != 0 && Double.isFinite(number) && Math.abs(odd(number)) == 1;
  }

  /** Returns whether all numbers have codes. */
  public static boolean fit(double[] numbers) {
    return DoubleStream.of(numbers).allMatch(Double::isFinite)
        && DoubleStream.of(numbers).allMatch(number -> bits(odd(number)) <= MOST_BITS);
  }

  /**
   * Returns the format of numbers that have codes: one step for all, if they have at most 8 bits
   * with it, and otherwise a step for each channel.
   */
  static Format format(double[] numbers) {
    int finest =
        DoubleStream.of(numbers)
            .filter(number -> number != 0)
            .mapToInt(Factors::exponent)
            .min()
            .orElse(0);
    int together = most(DoubleStream.of(numbers).map(number -> Math.scalb(number, -finest)));
    if (together <= USUAL_BITS) {
      return FixedPoint.signed(together, finest);
    }
    return new PerChannel(
        most(DoubleStream.of(numbers).map(Factors::odd)),
        DoubleStream.of(numbers)
            .mapToObj(number -> number == 0 ? finest : exponent(number))
            .toList());
  }

  private static int most(DoubleStream codes) {
    return Math.max(LEAST_BITS, codes.mapToInt(Factors::bits).max().orElse(0));
  }

  /** Returns the bits of a whole number with its sign. */
  private static int bits(double whole) {
    double magnitude = Math.abs(whole);
    return magnitude > Long.MAX_VALUE ? Long.SIZE : Exponents.bitsOf((long) magnitude) + 1;
  }

  /**
   * Returns the exponent of the largest power of two by which a number other than 0 can be divided.
   */
  private static int exponent(double number) {
    int exponent = Math.getExponent(number);
    double fraction = Math.scalb(number, -exponent);
    int digits = 0;
    while (Math.scalb(fraction, digits) != Math.rint(Math.scalb(fraction, digits))) {
      digits++;
    }
    return exponent - digits;
  }

  private static double odd(double number) {
    return number == 0 ? 0 : Math.scalb(number, -exponent(number));
  }
}
