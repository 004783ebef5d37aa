package org.slimquant.calibration;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The distribution of a tensor's elements, as calibration counted them.
 *
 * <p>A bin is a 32nd of an octave: the numbers from {@code m * 2^e} to {@code (m + 1) * 2^e} for
 * {@code m} from 32 to 63, or their negatives. Zeros have a bin of their own, without width.
 *
 * @param bins the bins that are not empty, in ascending order of their numbers
 * @param min the smallest element; infinite if there is none
 * @param max the largest element; negative infinity if there is none
 */
public record Distribution(List<Bin> bins, double min, double max) {

  /**
   * A range of numbers, and the number of elements in it.
   *
   * @param from the lower bound
   * @param to the upper bound
   * @param count the number of elements, above 0
   */
  public record Bin(double from, double to, long count) {}

  /** Creates a distribution. */
  public Distribution {
    bins = List.copyOf(bins);
  }

  /**
   * Returns the distribution of the elements of several histograms together.
   *
   * @param exponents the powers of two that each histogram's numbers are divided by, as exponents
   */
  static Distribution of(List<Histogram> histograms, List<Integer> exponents) {
    // Bins of octaves stay bins of octaves when they are divided by a power of two.
    Map<Double, Bin> bins = new TreeMap<>();
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < histograms.size(); i++) {
      int scale = -exponents.get(i);
      Histogram histogram = histograms.get(i);
      histogram.forEachWhole(
          (from, to, count) ->
              bins.merge(
                  Math.scalb(from, scale),
                  new Bin(Math.scalb(from, scale), Math.scalb(to, scale), count),
                  (a, b) -> new Bin(a.from(), a.to(), a.count() + b.count())));
      min = Math.min(min, Math.scalb((double) histogram.min(), scale));
      max = Math.max(max, Math.scalb((double) histogram.max(), scale));
    }
    return new Distribution(List.copyOf(bins.values()), min, max);
  }

  /** Returns the number of elements that were counted. */
  public long count() {
    return bins.stream().mapToLong(Bin::count).sum();
  }
}
