package org.slimquant.calibration;

import org.slimquant.format.FixedPoint;

/**
 * The number of a tensor's elements that are not 0 but have the code 0. The squared error does not
 * show them: next to an element of 10^9, the loss of those around 1 is no error at all. Elements
 * are counted from the bins of a histogram, within which they are taken to be spread evenly. With
 * {@code u = x / step}:
 *
 * <pre>{@code
 * zero    |x| < smallest                   counts as 0, like the outputs of dead channels
 * lost    no zero, -1/2 <= u < 1/2         the code is 0
 * near    no zero, 1/2 <= |u| < 7/2        the code is one of ±1, ±2 and ±3
 * }</pre>
 *
 * <p>The density of weights and activations is usually about the same between -7/2 and 7/2: then
 * six elements are near for each one that is lost. So a format is {@linkplain #isTooCoarse too
 * coarse} for a tensor if more elements are lost than near, and at least one in a hundred, and at
 * least four: one or two of the 72 elements of a small kernel may be lost by chance. If small
 * elements are no rarer than larger ones, as in normal, Laplace and exponential distributions, this
 * happens only when half of all elements are lost. A group of elements far below the others, such
 * as scores beside a mask, is found whatever its share. Formats of 2 and 3 bits have so few codes
 * that half of the elements often become 0: for them, four times as many elements must be lost as
 * near.
 *
 * @param lost the number of elements that are lost
 * @param near the number of elements that are near
 * @param nonzero the number of elements that are no zeros
 * @param bits the width of a code
 */
record LostElements(double lost, double near, long nonzero, int bits) {

  private static final double LEAST_SHARE = 0.01;
  private static final int LEAST_LOST = 4;
  private static final int FEW_BITS = 3;
  private static final int FACTOR_OF_FEW_BITS = 4;

  /** The smallest magnitude, in steps, of an element with another code than 0, ±1, ±2 and ±3. */
  static final double NEAR = 3.5;

  private static final double LOST = 0.5;

  /**
   * Returns the lost elements of {@code histogram} in {@code format}.
   *
   * @param smallest the magnitude below which elements count as 0
   */
  static LostElements of(Histogram histogram, FixedPoint format, double smallest) {
    Sum sum = new Sum(format.frac(), smallest);
    histogram.forEach(sum);
    return new LostElements(sum.lost, sum.near, sum.nonzero, format.bits());
  }

  LostElements plus(LostElements other) {
    return new LostElements(
        lost + other.lost, near + other.near, nonzero + other.nonzero, Math.max(bits, other.bits));
  }

  /** Returns the share of the elements that are no zeros whose code is 0. */
  double share() {
    return nonzero == 0 ? 0 : lost / nonzero;
  }

  /** Returns whether the step is so coarse that most elements, or a group of them, become 0. */
  boolean isTooCoarse() {
    return share() >= LEAST_SHARE
        && lost >= LEAST_LOST
        && lost > near * (bits > FEW_BITS ? 1 : FACTOR_OF_FEW_BITS);
  }

  private static final class Sum implements Histogram.BinVisitor {

    private final int frac;
    private final double smallest;
    private double lost;
    private double near;
    private long nonzero;

    Sum(int frac, double smallest) {
      this.frac = frac;
      this.smallest = smallest;
    }

    @Override
    public void bin(double from, double to, long count) {
      double magnitude = Math.max(Math.abs(from), Math.abs(to));
      if (magnitude == 0 || magnitude < smallest) {
        return;
      }
      double a = Math.scalb(from, -frac);
      double b = Math.scalb(to, -frac);
      double within = count * within(a, b, LOST);
      lost += within;
      near += count * within(a, b, NEAR) - within;
      nonzero += count;
    }

    /** Returns the share of {@code [a, b]} that lies in {@code [-limit, limit)}. */
    private static double within(double a, double b, double limit) {
      if (a == b) {
        return a >= -limit && a < limit ? 1 : 0;
      }
      return Math.max(0, Math.min(b, limit) - Math.max(a, -limit)) / (b - a);
    }
  }
}
