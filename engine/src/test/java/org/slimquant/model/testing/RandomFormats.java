package org.slimquant.model.testing;

import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerTensor;

/**
 * Formats of random width, mostly of eight bits, because the engine has special paths for these.
 */
public final class RandomFormats {

  private static final int USUAL_BITS = 8;

  /** The largest exponent that leaves room for sums of exponents, and for 16 bits. */
  private static final int LARGEST_EXPONENT = 60;

  private final Random random;
  private final int mostBits;

  RandomFormats(Random random, int mostBits) {
    this.random = random;
    this.mostBits = mostBits;
  }

  /** Returns a format with an exponent, or with the nearest exponent that leaves room. */
  public FixedPoint format(int exponent) {
    int bits =
        random.nextBoolean() ? Math.min(mostBits, USUAL_BITS) : random.nextInt(2, mostBits + 1);
    int clamped = Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent));
    return new FixedPoint(bits, clamped, random.nextBoolean());
  }

  /**
   * Returns a format whose step is near a tensor's, and sometimes far from it.
   *
   * @param finest the exponent of the finest step, minus the tensor's
   */
  FixedPoint near(IntegerTensor tensor, int finest) {
    return near(tensor.format().frac(), finest);
  }

  /**
   * Returns a format whose step is near a power of two, and sometimes far from it.
   *
   * @param exponent the exponent of the power
   * @param finest the exponent of the finest step, minus that exponent
   */
  FixedPoint near(int exponent, int finest) {
    int apart =
        switch (random.nextInt(8)) {
          case 0 -> random.nextInt(finest, finest + 80);
          case 1, 2 -> random.nextInt(-6, 12);
          default -> random.nextInt(-3, 4);
        };
    return format(exponent + apart);
  }
}
