package org.slimquant.engine;

/**
 * The numbers that a tensor holds: a code {@code c} of {@code bits} bits stands for the real number
 * {@code c * 2^exponent}.
 *
 * <table>
 *   <caption>Codes and ranges</caption>
 *   <tr><th></th><th>codes</th><th>range</th></tr>
 *   <tr><td>signed</td><td>{@code -(2^(bits-1) - 1) .. 2^(bits-1) - 1}</td><td>symmetric about 0</td></tr>
 *   <tr><td>unsigned</td><td>{@code 0 .. 2^bits - 1}</td><td>from 0</td></tr>
 * </table>
 *
 * <p>The code of a real number {@code x} is {@code clamp(floor(x / 2^exponent + 1/2))}: round half
 * up, then saturate.
 *
 * @param bits the width of a code, 2 to 16
 * @param exponent the exponent of the step, -126 to {@code 128 - bits}: the step is a normal
 *     float32 and every value a finite one
 * @param signed whether codes are symmetric about 0 or start at 0
 */
public record TensorFormat(int bits, int exponent, boolean signed) {

  private static final int MIN_BITS = 2;
  private static final int MAX_BITS = 16;

  /**
   * Creates a format.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code exponent} is out of range
   */
  public TensorFormat {
    if (bits < MIN_BITS || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "bits must be between %d and %d, but is %d".formatted(MIN_BITS, MAX_BITS, bits));
    }
    int maxExponent = Float.MAX_EXPONENT + 1 - bits;
    if (exponent < Float.MIN_EXPONENT || exponent > maxExponent) {
      throw new IllegalArgumentException(
          "exponent must be between %d and %d at %d bits, or step or range leave normal float32, but is %d"
              .formatted(Float.MIN_EXPONENT, maxExponent, bits, exponent));
    }
  }

  /**
   * Returns the signed format with codes {@code -(2^(bits-1) - 1) .. 2^(bits-1) - 1}.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code exponent} is out of range
   */
  public static TensorFormat signed(int bits, int exponent) {
    return new TensorFormat(bits, exponent, true);
  }

  /**
   * Returns the unsigned format with codes {@code 0 .. 2^bits - 1}.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code exponent} is out of range
   */
  public static TensorFormat unsigned(int bits, int exponent) {
    return new TensorFormat(bits, exponent, false);
  }

  /** Returns the smallest code. */
  public int minCode() {
    return signed ? -maxCode() : 0;
  }

  /** Returns the largest code, which is also the largest magnitude of a code. */
  public int maxCode() {
    return (1 << (signed ? bits - 1 : bits)) - 1;
  }

  /** Whether the format has this code. */
  public boolean holds(int code) {
    return code >= minCode() && code <= maxCode();
  }

  /**
   * Returns the code of {@code x}: {@code clamp(floor(x / 2^exponent + 1/2))}. Infinities saturate.
   *
   * @throws IllegalArgumentException if {@code x} is NaN, which has no code
   */
  public int quantize(float x) {
    if (Float.isNaN(x)) {
      throw new IllegalArgumentException("a number must be quantized, but is NaN");
    }
    // In double the quotient is exact, and so is the sum wherever it decides the code.
    double code = Math.floor(Math.scalb((double) x, -exponent) + 0.5);
    return (int) Math.max(minCode(), Math.min(maxCode(), code));
  }

  /**
   * Returns the real number that {@code code} stands for, {@code code * 2^exponent}, exactly.
   *
   * @throws IllegalArgumentException if the format has no such code
   */
  public float dequantize(int code) {
    if (!holds(code)) {
      throw new IllegalArgumentException(
          "a code of %s must be between %d and %d, but is %d"
              .formatted(this, minCode(), maxCode(), code));
    }
    return Math.scalb((float) code, exponent);
  }

  /** Returns the format as it is written in tables, {@code int8 * 2^-7} for example. */
  @Override
  public String toString() {
    return "%s%s * 2^%s".formatted(signed ? "int" : "uint", bits, exponent);
  }
}
