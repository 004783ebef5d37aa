package org.slimquant.demo.measures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The figures of runs that differ by their seeds, for programs to read.
 *
 * @param floatAccuracy the accuracy of the float models
 * @param ptqAccuracy the accuracy of their weights, quantized and not trained
 * @param quantizedAccuracy the accuracy of the quantized models, after the training through int8
 * @param trainedOnAccuracy the accuracy of the float models, after as much further training
 * @param runs the runs, in their order
 */
public record Series(
    Spread floatAccuracy,
    Spread ptqAccuracy,
    Spread quantizedAccuracy,
    Spread trainedOnAccuracy,
    List<Run> runs) {

  /**
   * A run.
   *
   * @param seed the seed of the run
   * @param summary the figures of the run
   */
  public record Run(long seed, Summary summary) {}

  /** Creates a series. */
  public Series {
    runs = List.copyOf(runs);
  }

  /** Returns the series of at least one run. */
  public static Series of(List<Run> runs) {
    return new Series(
        spread(runs, Summary::floatAccuracy),
        spread(runs, Summary::ptqAccuracy),
        spread(runs, Summary::quantizedAccuracy),
        spread(runs, Summary::trainedOnAccuracy),
        runs);
  }

  private static Spread spread(List<Run> runs, ToDoubleFunction<Summary> accuracy) {
    return Spread.of(runs.stream().map(Run::summary).mapToDouble(accuracy).toArray());
  }

  /** Writes the series as JSON. */
  public void write(Path file) throws IOException {
    JsonFile.write(file, this);
  }

  /** Returns a table with a row for each run, and mean and standard deviation below. */
  @Override
  public String toString() {
    SummaryTable table = new SummaryTable("seed", "float", "PTQ", "QAT", "float, trained on");
    for (Run run : runs) {
      Summary summary = run.summary();
      row(
          table,
          Long.toString(run.seed()),
          summary.floatAccuracy(),
          summary.ptqAccuracy(),
          summary.quantizedAccuracy(),
          summary.trainedOnAccuracy());
    }
    row(
        table,
        "mean",
        floatAccuracy.mean(),
        ptqAccuracy.mean(),
        quantizedAccuracy.mean(),
        trainedOnAccuracy.mean());
    row(
        table,
        "standard deviation",
        floatAccuracy.standardDeviation(),
        ptqAccuracy.standardDeviation(),
        quantizedAccuracy.standardDeviation(),
        trainedOnAccuracy.standardDeviation());
    return table.toString();
  }

  private static void row(
      SummaryTable table, String name, double floats, double ptq, double qat, double trainedOn) {
    table.row(name, share(floats), share(ptq), share(qat), share(trainedOn));
  }

  private static String share(double accuracy) {
    return String.format(Locale.ROOT, "%.4f", accuracy);
  }
}
