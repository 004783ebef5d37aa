package org.slimquant.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * A measured number.
 *
 * @param name the name of the measured quantity
 * @param unit the unit of {@code value}; {@code "x"} for a ratio
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

  /** Returns a number for comparison with others. */
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

  /** Returns whether the median does not exceed the goal; null if there is no goal. */
  public @Nullable Boolean met() {
    return goal == null ? null : value.median() <= goal;
  }
}
