package org.slimquant.benchmarks.harness;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The median of a sample and the quartiles of its middle half.
 *
 * @param low the number below which a quarter of the sample lies
 * @param median the number below which half of the sample lies
 * @param high the number below which three quarters of the sample lie
 */
public record Quartiles(double low, double median, double high) {

  /** Returns the quartiles of a sample, between its points by linear interpolation. */
  public static Quartiles of(double... sample) {
    if (sample.length == 0) {
      throw new IllegalArgumentException("a sample must have a point, but has none");
    }
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    return new Quartiles(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
  }

  /** Returns the quartiles of {@code value(a[i], b[i])}, for samples that were taken in pairs. */
  public static Quartiles ofPairs(double[] a, double[] b, DoubleBinaryOperator value) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "paired samples must be of one size, but are of %d and %d".formatted(a.length, b.length));
    }
    return of(
        IntStream.range(0, a.length).mapToDouble(i -> value.applyAsDouble(a[i], b[i])).toArray());
  }

  /**
   * Returns the quartiles of the slopes between any two values of a series, per step of the series
   * (Theil, 1950; Sen, 1968: single jumps do not affect the median).
   *
   * @param convert turns a slope into another unit
   */
  public static Quartiles ofSlopes(double[] series, DoubleUnaryOperator convert) {
    return of(
        IntStream.range(0, series.length)
            .boxed()
            .flatMapToDouble(
                j -> IntStream.range(0, j).mapToDouble(i -> (series[j] - series[i]) / (j - i)))
            .map(convert)
            .toArray());
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
