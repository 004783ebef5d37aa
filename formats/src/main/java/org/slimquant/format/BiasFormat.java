package org.slimquant.format;

import java.util.List;
import java.util.Optional;

/**
 * The format of a bias on the grid of the accumulator it is added to: 32-bit codes, whose step is
 * the product of the input's step and the kernel's, {@code 2^(d_input + d_kernel)}.
 *
 * <p>Codes are {@code -(2^31 - 128) .. 2^31 - 128}: the largest 32-bit integer that float32 holds.
 *
 * @param fracs the exponents of the steps, -126 to 96: one, or one for each channel where the
 *     kernel has them. Every step is then a normal float32, and every value a finite one
 */
public record BiasFormat(List<Integer> fracs) implements Format {

  /** The largest code. */
  public static final int MAX_CODE = Integer.MAX_VALUE - 127;

  /**
   * The bits of a code's magnitude that a calibrated bias takes at most: one is left for training.
   */
  public static final int CALIBRATED_BITS = 30;

  public static final int MIN_FRAC = Float.MIN_EXPONENT;
  public static final int MAX_FRAC = Float.MAX_EXPONENT - 31;

  /**
   * Creates a format.
   *
   * @throws IllegalArgumentException if there is no exponent, or one is out of range
   */
  public BiasFormat {
    fracs = List.copyOf(fracs);
    if (fracs.isEmpty()) {
      throw new IllegalArgumentException("a bias must have an exponent, but has none");
    }
    for (int frac : fracs) {
      if (!holds(frac)) {
        throw new IllegalArgumentException(
            "the exponent of a bias must be between %d and %d, but is %d"
                .formatted(MIN_FRAC, MAX_FRAC, frac));
      }
    }
  }

  /** Returns whether {@code frac} is in the range of an exponent. */
  public static boolean holds(int frac) {
    return frac >= MIN_FRAC && frac <= MAX_FRAC;
  }

  @Override
  public int bits() {
    return Integer.SIZE;
  }

  @Override
  public boolean signed() {
    return true;
  }

  @Override
  public Optional<Format> shifted(int shift) {
    List<Integer> shifted = fracs.stream().map(frac -> frac + shift).toList();
    return shifted.stream().allMatch(BiasFormat::holds)
        ? Optional.of(new BiasFormat(shifted))
        : Optional.empty();
  }

  /** Returns the format as it is written in tables, {@code int32 * 2^-16..-13} for example. */
  @Override
  public String toString() {
    return "int32 * 2^" + Exponents.range(fracs);
  }
}
