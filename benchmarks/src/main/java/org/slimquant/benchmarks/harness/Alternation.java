package org.slimquant.benchmarks.harness;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs actions in turns and times each. So a drift of the machine affects all of them equally.
 *
 * <p>The first round begins with the first action, the second with the second, and so on, so no
 * action always follows the same other action.
 */
public final class Alternation {

  private Alternation() {}

  /** Returns the median time of each action in nanoseconds. */
  public static double[] medianNanos(int rounds, List<? extends Runnable> actions) {
    return medianNanos(rounds, Duration.ZERO, actions);
  }

  /**
   * Returns the median time of each action in nanoseconds.
   *
   * @param pause before each turn, so that threads of the action before can finish
   */
  public static double[] medianNanos(int rounds, Duration pause, List<? extends Runnable> actions) {
    double[][] nanos = new double[actions.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < actions.size(); turn++) {
        int action = (round + turn) % actions.size();
        LockSupport.parkNanos(pause.toNanos());
        long start = System.nanoTime();
        actions.get(action).run();
        nanos[action][round] = System.nanoTime() - start;
      }
    }
    return Arrays.stream(nanos).mapToDouble(sample -> Quartiles.of(sample).median()).toArray();
  }
}
