package org.slimquant.format;

import java.util.List;
import java.util.Optional;

/** The codes that the elements of a quantized tensor have, and the steps they count. */
public sealed interface Format permits FixedPoint, PerChannel, BiasFormat {

  /** Returns the width of a code in bits. */
  int bits();

  /** Returns whether codes are symmetric about 0 or start at 0. */
  boolean signed();

  /** Returns the exponents of the steps: one for the whole tensor, or one for each channel. */
  List<Integer> fracs();

  /**
   * Returns the format of the same width with steps {@code 2^shift} times as large, if all its
   * exponents are ones that a format may have.
   */
  Optional<Format> shifted(int shift);
}
