package org.slimquant.format;

import java.util.List;
import java.util.Optional;

/**
 * A fixed-point number format: a code {@code c} of {@code bits} bits represents the real number
 * {@code c * 2^frac}.
 *
 * <table>
 *   <caption>Codes and ranges</caption>
 *   <tr><th></th><th>codes</th><th>range</th></tr>
 *   <tr><td>signed</td><td>{@code -(2^(bits-1) - 1) .. 2^(bits-1) - 1}</td><td>symmetric about 0</td></tr>
 *   <tr><td>unsigned</td><td>{@code 0 .. 2^bits - 1}</td><td>from 0</td></tr>
 * </table>
 *
 * <p>The code of a real number {@code x} is {@code clamp(floor(x / 2^frac + 1/2))}: round half up,
 * then saturate. Scaling by a power of two is exact in binary floating point, so this one rounding
 * is the only loss, and {@link #dequantize} is exact.
 *
 * @param bits the width of a code, 2 to 16 (what TensorFlow's fake-quant op takes)
 * @param frac the exponent of the step, -126 to {@code 128 - bits}: the step is a normal float32
 *     and the width of the range a finite one
 * @param signed whether codes are symmetric about 0 or start at 0
 */
public record FixedPoint(int bits, int frac, boolean signed) implements Format, FormatRequest {

  /** The smallest width of a code. */
  public static final int MIN_BITS = 2;

  /** The largest width of a code. */
  public static final int MAX_BITS = 16;

  /**
   * Creates a format.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public FixedPoint {
    requireBits(bits);
    if (!Exponents.fit(bits, frac)) {
      throw new IllegalArgumentException(
          "frac must be between %d and %d at %d bits, or step or range leave normal float32, but is %d"
              .formatted(Float.MIN_EXPONENT, Exponents.largest(bits), bits, frac));
    }
  }

  /** Returns the format of {@code bits} bits with an exponent, if it may have that exponent. */
  public static Optional<FixedPoint> find(int bits, int frac, boolean signed) {
    return Exponents.fit(bits, frac)
        ? Optional.of(new FixedPoint(bits, frac, signed))
        : Optional.empty();
  }

  /**
   * Returns the signed format with codes {@code -(2^(bits-1) - 1) .. 2^(bits-1) - 1}.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public static FixedPoint signed(int bits, int frac) {
    return new FixedPoint(bits, frac, true);
  }

  /**
   * Returns the unsigned format with codes {@code 0 .. 2^bits - 1}.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public static FixedPoint unsigned(int bits, int frac) {
    return new FixedPoint(bits, frac, false);
  }

  public static void requireBits(int bits) {
    if (bits < MIN_BITS || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "bits must be between %d and %d, but is %d".formatted(MIN_BITS, MAX_BITS, bits));
    }
  }

  @Override
  public boolean perChannel() {
    return false;
  }

  @Override
  public List<Integer> fracs() {
    return List.of(frac);
  }

  @Override
  public Optional<Format> shifted(int shift) {
    return find(bits, frac + shift, signed).map(format -> format);
  }

  /** Returns the distance of two neighbouring values, {@code 2^frac}. */
  public float step() {
    return Math.scalb(1f, frac);
  }

  /** Returns the smallest code. */
  public int minCode() {
    return signed ? -maxCode() : 0;
  }

  /** Returns the largest code, which is also the largest magnitude of a code. */
  public int maxCode() {
    return (1 << (signed ? bits - 1 : bits)) - 1;
  }

  /** Returns whether the format has this code. */
  public boolean holds(int code) {
    return code >= minCode() && code <= maxCode();
  }

  /** Returns the smallest real number that the format holds, {@code minCode() * step()}. */
  public float min() {
    return dequantize(minCode());
  }

  /** Returns the largest real number that the format holds, {@code maxCode() * step()}. */
  public float max() {
    return dequantize(maxCode());
  }

  /**
   * Returns the code of {@code x}: {@code clamp(floor(x / 2^frac + 1/2))}. Infinities saturate.
   *
   * @throws IllegalArgumentException if {@code x} is NaN, which has no code
   */
  public int quantize(float x) {
    if (Float.isNaN(x)) {
      throw new IllegalArgumentException("a number must be quantized, but is NaN");
    }
    // In double the quotient is exact, and so is every sum that decides the code.
    double code = Math.floor(Math.scalb((double) x, -frac) + 0.5);
    return (int) Math.max(minCode(), Math.min(maxCode(), code));
  }

  /**
   * Returns the real number that {@code code} represents, {@code code * 2^frac}, exactly.
   *
   * @throws IllegalArgumentException if the format has no such code
   */
  public float dequantize(int code) {
    if (!holds(code)) {
      throw new IllegalArgumentException(
          "a code of %s must be between %d and %d, but is %d"
              .formatted(this, minCode(), maxCode(), code));
    }
    return Math.scalb((float) code, frac);
  }

  /** Returns the format as it is written in tables, {@code int8 * 2^-7} for example. */
  @Override
  public String toString() {
    return "%s%s * 2^%s".formatted(signed ? "int" : "uint", bits, frac);
  }
}
