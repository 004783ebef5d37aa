package org.slimquant.model;

import org.slimquant.format.FixedPoint;

/**
 * The codes to which an op's output is clamped: those of its format, or fewer if an activation
 * clips some.
 *
 * <p>Clamping the codes is the same as clamping the real numbers before they are rounded: rounding
 * never changes the order of two numbers, so {@code code(min(x, m)) = min(code(x), code(m))}.
 *
 * @param min the smallest code
 * @param max the largest code
 */
public record CodeRange(int min, int max) {

  private static final float SIX = 6;

  /**
   * Creates a range.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public CodeRange {
    if (min > max) {
      throw new IllegalArgumentException(
          "a range of codes must not be empty, but is %d .. %d".formatted(min, max));
    }
  }

  /** Returns all codes of a format: no activation. */
  public static CodeRange all(FixedPoint format) {
    return new CodeRange(format.minCode(), format.maxCode());
  }

  /** Returns the codes from 0 on: {@code max(x, 0)}. */
  public static CodeRange relu(FixedPoint format) {
    return new CodeRange(0, format.maxCode());
  }

  /** Returns the codes from 0 to the code of 6: {@code min(max(x, 0), 6)}. */
  public static CodeRange relu6(FixedPoint format) {
    return new CodeRange(0, format.quantize(SIX));
  }

  /** Returns the codes from that of one number to that of another, which may be infinite. */
  public static CodeRange clamp(FixedPoint format, double min, double max) {
    return new CodeRange(format.quantize((float) min), format.quantize((float) max));
  }

  /** Returns the codes that are left if codes are clamped to this range, and then to another. */
  public CodeRange then(CodeRange last) {
    return new CodeRange(
        Math.max(last.min, Math.min(last.max, min)), Math.max(last.min, Math.min(last.max, max)));
  }

  /** Returns whether a format has all these codes. */
  boolean within(FixedPoint format) {
    return format.holds(min) && format.holds(max);
  }

  /** Returns the range in the form of tables: {@code 0 .. 127}, for example. */
  @Override
  public String toString() {
    return min + " .. " + max;
  }
}
