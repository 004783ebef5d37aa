package org.slimquant.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * A measured number.
 *
 * @param name what was measured
 * @param unit what {@code value} counts; {@code "x"} for a ratio
 * @param value the number and its spread
 * @param goal the upper bound for the number; null if the figure is only the context of another
 * @param elsewhere the number that was measured in other tools; empty if unknown
 */
public record Figure(
    String name, String unit, Quartiles value, @Nullable Double goal, String elsewhere) {

  /** Returns a number that should not exceed {@code goal}. */
  public static Figure withGoal(String name, String unit, Quartiles value, double goal) {
    return new Figure(name, unit, value, goal, "");
  }

  /** Returns a number for others to be compared with. */
  public static Figure of(String name, String unit, Quartiles value) {
    return new Figure(name, unit, value, null, "");
  }

  /** Returns this figure with a number that it should not exceed. */
  public Figure withGoal(double bound) {
    return new Figure(name, unit, value, bound, elsewhere);
  }

  /** Returns this figure with the number that was measured in other tools. */
  public Figure elsewhere(String note) {
    return new Figure(name, unit, value, goal, note);
  }

  /** Whether the median keeps to the goal; null if there is none. */
  public @Nullable Boolean met() {
    return goal == null ? null : value.median() <= goal;
  }
}
