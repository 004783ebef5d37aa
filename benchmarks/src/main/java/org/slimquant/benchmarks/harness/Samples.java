package org.slimquant.benchmarks.harness;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.DoubleUnaryOperator;
import org.openjdk.jmh.results.RunResult;

/**
 * The counters of a JMH run: a number for each counter and iteration.
 *
 * <p>Counters of one iteration were taken side by side, so other load of the machine does not
 * change their ratio.
 */
public final class Samples {

  private final Collection<RunResult> results;

  public Samples(Collection<RunResult> results) {
    this.results = results;
  }

  /** Returns the samples that were counted with this value of a JMH parameter. */
  public Samples where(String parameter, String value) {
    return new Samples(
        results.stream()
            .filter(result -> value.equals(result.getParams().getParam(parameter)))
            .toList());
  }

  /** Returns the counter's values, one for each iteration, in their order. */
  public double[] get(String counter) {
    double[] values =
        results.stream()
            .flatMap(result -> result.getBenchmarkResults().stream())
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(iteration -> iteration.getSecondaryResults().get(counter))
            .filter(result -> result != null)
            .mapToDouble(result -> result.getScore())
            .toArray();
    if (values.length == 0) {
      throw new IllegalArgumentException(
          "a benchmark must count %s, but none does".formatted(counter));
    }
    return values;
  }

  /** Returns whether a counter was used: the counter of a variant that does not run stays 0. */
  public boolean counted(String counter) {
    return Arrays.stream(get(counter)).anyMatch(value -> value > 0);
  }

  /** Returns the quartiles of a counter, in the unit to which {@code convert} converts it. */
  public Quartiles quartiles(String counter, DoubleUnaryOperator convert) {
    return Quartiles.of(Arrays.stream(get(counter)).map(convert).toArray());
  }

  /** Returns the quartiles of the ratios of two counters within an iteration. */
  public Quartiles ratio(String counter, String base) {
    return Quartiles.ofPairs(get(counter), get(base), (a, b) -> a / b);
  }
}
