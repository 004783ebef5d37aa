package org.slimquant.demo.training;

import java.util.Arrays;

/**
 * The result of a training.
 *
 * @param firstLoss the mean loss of the first epoch
 * @param lastLoss the mean loss of the last epoch
 * @param stepMillis the median time of a step in milliseconds, over the second half of the steps;
 *     in the first half, TensorFlow and the JVM still warm up
 */
public record TrainingResult(double firstLoss, double lastLoss, double stepMillis) {

  /** Returns the median of the second half of {@code nanos}, in milliseconds. */
  static double stepMillis(long[] nanos) {
    long[] sorted = Arrays.stream(nanos).skip(nanos.length / 2).sorted().toArray();
    return sorted[sorted.length / 2] / 1e6;
  }
}
