package org.slimquant.runtime;

import java.util.List;

/**
 * The format of a bias on the grid of the accumulator it is added to: 32-bit codes, whose step is
 * the product of the input's step and the kernel's.
 *
 * @param fracs the exponents of the steps: one, or one for each channel where the kernel has them
 */
public record BiasFormat(List<Integer> fracs) implements Format {

  /** Creates a format. */
  public BiasFormat {
    fracs = List.copyOf(fracs);
  }

  @Override
  public int bits() {
    return Integer.SIZE;
  }

  @Override
  public boolean signed() {
    return true;
  }
}
