package org.slimquant.examples.training;

import java.util.Arrays;

/**
 * What a training came to.
 *
 * @param firstLoss the mean loss of the first epoch
 * @param lastLoss the mean loss of the last epoch
 * @param stepMillis the median time of a step in milliseconds, without the first steps, in which
 *     TensorFlow and the JVM still warm up
 */
public record TrainingResult(double firstLoss, double lastLoss, double stepMillis) {

  private static final int WARM_UP_STEPS = 20;

  static double stepMillis(long[] nanos) {
    int warmUp = Math.min(WARM_UP_STEPS, nanos.length / 2);
    long[] sorted = Arrays.stream(nanos).skip(warmUp).sorted().toArray();
    return sorted[sorted.length / 2] / 1e6;
  }
}
