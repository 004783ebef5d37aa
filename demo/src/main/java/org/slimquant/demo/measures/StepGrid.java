package org.slimquant.demo.measures;

import java.util.List;
import java.util.Locale;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Site;

/**
 * The values that a quantized tensor can have: codes times a step. Each channel may have its own
 * step. All computations are exact in doubles, so there is no tolerance.
 *
 * @param fracs the exponents of the steps: one, or one for each channel. The last axis counts the
 *     channels, or the last two axes together, as in the kernels of Conv2D, DepthwiseConv2dNative
 *     and MatMul, and in biases
 * @param minCode the smallest code
 * @param maxCode the largest code
 */
record StepGrid(List<Integer> fracs, long minCode, long maxCode) {

  static StepGrid of(Site site) {
    Format format = site.format();
    long maxCode = (1L << (format.signed() ? format.bits() - 1 : format.bits())) - 1;
    return new StepGrid(format.fracs(), format.signed() ? -maxCode : 0, maxCode);
  }

  /** Returns whether the element {@code x}, the i-th of its tensor, is a code times its step. */
  boolean holds(float x, int i) {
    double code = Math.scalb((double) x, -frac(i));
    return code == Math.rint(code) && code >= minCode && code <= maxCode;
  }

  /** Returns whether the element {@code x}, the i-th of its tensor, rounds to no code. */
  boolean clips(float x, int i) {
    // The same rounding as the format's, before it saturates.
    double code = Math.floor(Math.scalb((double) x, -frac(i)) + 0.5);
    return code < minCode || code > maxCode;
  }

  /** Returns the range that all channels hold, rounded: {@code -7.94 .. 7.94}. */
  @Override
  public String toString() {
    int smallest = fracs.stream().mapToInt(frac -> frac).min().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%.2f .. %.2f",
        Math.scalb((double) minCode, smallest),
        Math.scalb((double) maxCode, smallest));
  }

  private int frac(int i) {
    return fracs.get(i % fracs.size());
  }
}
