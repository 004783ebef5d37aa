package org.slimquant.calibration;

import java.util.Optional;
import org.slimquant.format.FixedPoint;

/**
 * The elements of a tensor that have no other codes than 0, ±1, ±2 and ±3 in a format.
 *
 * @param share their share of all elements
 * @param min the lower end of the bins in which they lie
 * @param max the upper end
 */
record SmallElements(double share, double min, double max) {

  /** Returns the elements of {@code histogram} that {@code format} gives such codes. */
  static SmallElements of(Histogram histogram, FixedPoint format) {
    Sum sum = new Sum(LostElements.NEAR * format.step());
    histogram.forEach(sum);
    return new SmallElements(sum.small / (double) Math.max(1, histogram.count()), sum.min, sum.max);
  }

  /** Returns the smallest exponent of a format of the same bits that clips none of them. */
  Optional<Integer> frac(FixedPoint format) {
    double reach = format.signed() ? Math.max(Math.abs(min), Math.abs(max)) : max;
    int frac = Float.MIN_EXPONENT;
    while (frac < format.frac()
        && reach > new FixedPoint(format.bits(), frac, format.signed()).max()) {
      frac++;
    }
    return Optional.of(frac).filter(found -> found < format.frac());
  }

  private static final class Sum implements Histogram.BinVisitor {

    private final double limit;
    private long small;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    Sum(double limit) {
      this.limit = limit;
    }

    @Override
    public void bin(double from, double to, long count) {
      if (from >= -limit && to <= limit) {
        small += count;
        min = Math.min(min, from);
        max = Math.max(max, to);
      }
    }
  }
}
