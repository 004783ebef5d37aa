package org.slimquant.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * A measured number.
 *
 * @param name what was measured
 * @param unit what {@code value} counts; {@code "x"} for a ratio
 * @param value the number and its spread
 * @param goal what the number should not exceed; null if it stands beside another for comparison
 * @param elsewhere where the number stands in other tools, as it was found there; empty if unknown
 */
record Figure(String name, String unit, Quartiles value, @Nullable Double goal, String elsewhere) {

  /** Returns a number that should not exceed {@code goal}. */
  static Figure withGoal(String name, String unit, Quartiles value, double goal) {
    return new Figure(name, unit, value, goal, "");
  }

  /** Returns a number for others to be compared with. */
  static Figure of(String name, String unit, Quartiles value) {
    return new Figure(name, unit, value, null, "");
  }

  /** Returns this figure with a number that it should not exceed. */
  Figure withGoal(double bound) {
    return new Figure(name, unit, value, bound, elsewhere);
  }

  /** Returns this figure with a note of where the number stands elsewhere. */
  Figure elsewhere(String note) {
    return new Figure(name, unit, value, goal, note);
  }

  /** Whether the median keeps to the goal; null if there is none. */
  @Nullable Boolean met() {
    return goal == null ? null : value.median() <= goal;
  }
}
