package org.slimquant.demo.measures;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of the comparison of a float model with its quantized twin.
 *
 * @param summary the figures
 * @param measure the measures of the quantized tensors
 * @param checks the results of the checks
 */
public record Outcome(Summary summary, PlanMeasure measure, List<Check> checks) {

  /** Creates an outcome. */
  public Outcome {
    checks = List.copyOf(checks);
  }

  /**
   * Returns this outcome, with the check that quantization loses at most {@code tolerance} of the
   * accuracy.
   */
  public Outcome withAccuracyCheck(double tolerance) {
    List<Check> more = new ArrayList<>(checks);
    more.add(
        Check.of(
            String.format(
                Locale.ROOT, "quantization loses at most %.2f of the accuracy", tolerance),
            summary.floatAccuracy() - summary.quantizedAccuracy() <= tolerance,
            String.format(
                Locale.ROOT,
                "%.4f from %.4f",
                summary.quantizedAccuracy(),
                summary.floatAccuracy())));
    return new Outcome(summary, measure, more);
  }

  /** Prints figures and checks, and returns whether no rule fails. */
  public boolean report(PrintStream out) {
    out.println();
    out.println(summary);
    out.println();
    out.println(measure);
    out.println();
    checks.forEach(out::println);
    return checks.stream().noneMatch(Check::fails);
  }
}
