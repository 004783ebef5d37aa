package org.slimquant.deploy.compile.table;

import java.util.Optional;
import org.slimquant.deploy.compile.graph.NodePayload.Clamp;
import org.slimquant.deploy.compile.graph.NodePayload.Slopes;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Slope;
import org.slimquant.model.TieDistance;

/** What is known of a function from its values for all codes of its argument. */
final class Functions {

  private Functions() {}

  /**
   * Returns the two slopes and the bounds of a function, if it is one: {@code min(max(slope · x,
   * low), high)} for every code.
   *
   * @param arguments the values of all codes, ascending
   * @param values the function's values
   */
  static Optional<Slopes> slopes(float[] arguments, float[] values) {
    Optional<Slope> positive = slope(arguments, values, 1);
    Optional<Slope> negative = slope(arguments, values, -1);
    if (positive.isEmpty() || negative.isEmpty()) {
      return Optional.empty();
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    boolean below = false;
    boolean above = false;
    for (int i = 0; i < arguments.length; i++) {
      Slope slope = arguments[i] < 0 ? negative.get() : positive.get();
      double line = slope.value() * arguments[i];
      below |= line < low;
      above |= line > high;
      if (Math.max(low, Math.min(high, line)) != values[i]) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Slopes(
            positive.get(),
            negative.get(),
            new Clamp(
                below ? low : Double.NEGATIVE_INFINITY, above ? high : Double.POSITIVE_INFINITY)));
  }

  /** Returns the slope on one side of 0, from the number nearest to 0 there, if it is a power. */
  private static Optional<Slope> slope(float[] arguments, float[] values, int side) {
    int nearest = -1;
    for (int i = 0; i < arguments.length; i++) {
      boolean there = arguments[i] * side > 0;
      if (there && (nearest < 0 || Math.abs(arguments[i]) < Math.abs(arguments[nearest]))) {
        nearest = i;
      }
    }
    if (nearest < 0) {
      return Optional.of(Slope.ONE);
    }
    double slope = values[nearest] / (double) arguments[nearest];
    if (slope == 0) {
      return Optional.of(Slope.ZERO);
    }
    int exponent = Math.getExponent(slope);
    boolean power =
        Math.abs(slope) == Math.scalb(1.0, exponent)
            && exponent >= Float.MIN_EXPONENT
            && exponent <= Float.MAX_EXPONENT;
    return power ? Optional.of(new Slope(slope < 0 ? -1 : 1, exponent)) : Optional.empty();
  }

  /**
   * Returns the value that is nearest to a tie between two codes.
   *
   * @param first the code of the first argument
   * @param exactOps whether IEEE 754 defines the results of all ops
   */
  static TieDistance nearestTie(float[] values, FixedPoint format, int first, boolean exactOps) {
    TieDistance nearest = new TieDistance(first, Double.POSITIVE_INFINITY, exactOps);
    for (int i = 0; i < values.length; i++) {
      double quotient = Math.scalb((double) values[i], -format.frac());
      double below =
          Math.max(format.minCode(), Math.min(format.maxCode() - 1.0, Math.floor(quotient)));
      double tie = Math.scalb(below + 0.5, format.frac());
      double ulp = Math.ulp(Math.max(Math.abs(values[i]), Float.MIN_NORMAL));
      double ulps = Math.abs(values[i] - tie) / ulp;
      if (ulps < nearest.ulps()) {
        nearest = new TieDistance(first + i, ulps, exactOps);
      }
    }
    return nearest;
  }
}
