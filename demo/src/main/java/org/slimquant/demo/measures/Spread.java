package org.slimquant.demo.measures;

import java.util.Arrays;

/**
 * The mean and the standard deviation of a figure over several runs.
 *
 * @param mean the mean
 * @param standardDeviation {@code √(Σ(x - mean)² / (n - 1))}; 0 for a single run
 */
public record Spread(double mean, double standardDeviation) {

  /** Returns the spread of at least one value. */
  static Spread of(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
    return new Spread(mean, values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)));
  }
}
