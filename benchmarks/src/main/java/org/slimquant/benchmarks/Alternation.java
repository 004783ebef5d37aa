package org.slimquant.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Runs actions in turns and times each: drift of the machine meets all of them alike.
 *
 * <p>The first round begins with the first action, the second with the second, and so on, so that
 * none always follows the same other.
 */
final class Alternation {

  private Alternation() {}

  /** Returns the median time of each action in nanoseconds. */
  static double[] medianNanos(int rounds, List<Runnable> actions) {
    double[][] nanos = new double[actions.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < actions.size(); turn++) {
        int action = (round + turn) % actions.size();
        long start = System.nanoTime();
        actions.get(action).run();
        nanos[action][round] = System.nanoTime() - start;
      }
    }
    return Arrays.stream(nanos).mapToDouble(sample -> Quartiles.of(sample).median()).toArray();
  }
}
