package org.slimquant.model.testing;

import java.util.Random;
import java.util.SplittableRandom;

/** The seeds of the tests' random numbers. */
final class Seeds {

  private Seeds() {}

  /**
   * Returns the random numbers of a seed. Tests use thousands of seeds in a row, for which the
   * first numbers of {@link Random} are nearly the same. The numbers of this method are not.
   */
  static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }
}
