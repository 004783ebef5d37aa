package org.slimquant.format;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A signed fixed-point format for each output channel of a kernel, all of one width.
 *
 * @param bits the width of a code, 2 to 16
 * @param fracs the exponents of the steps, in the order of the channels
 */
public record PerChannel(int bits, List<Integer> fracs) implements Format, FormatRequest {

  /**
   * Creates a format.
   *
   * @throws IllegalArgumentException if there is no channel, or {@code bits} or an exponent is out
   *     of range
   */
  public PerChannel {
    fracs = List.copyOf(fracs);
    if (fracs.isEmpty()) {
      throw new IllegalArgumentException("a kernel must have a channel, but has none");
    }
    for (int frac : fracs) {
      FixedPoint.signed(bits, frac);
    }
  }

  /** Returns the format with the given exponents. */
  public static PerChannel of(int bits, int... fracs) {
    return new PerChannel(bits, IntStream.of(fracs).boxed().toList());
  }

  @Override
  public boolean signed() {
    return true;
  }

  @Override
  public boolean perChannel() {
    return true;
  }

  @Override
  public Optional<Format> shifted(int shift) {
    List<Integer> shifted = fracs.stream().map(frac -> frac + shift).toList();
    return shifted.stream().allMatch(frac -> Exponents.fit(bits, frac))
        ? Optional.of(new PerChannel(bits, shifted))
        : Optional.empty();
  }

  /** Returns the format of a channel. */
  public FixedPoint channel(int channel) {
    return FixedPoint.signed(bits, fracs.get(channel));
  }

  /** Returns the format as it is written in tables, {@code int8 * 2^-9..-6} for example. */
  @Override
  public String toString() {
    return "int%d * 2^%s".formatted(bits, Exponents.range(fracs));
  }
}
