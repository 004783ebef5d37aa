package org.slimquant.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.slimquant.benchmarks.harness.BenchmarkReport;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Overview;
import org.slimquant.benchmarks.harness.ProgressFormat;
import org.slimquant.benchmarks.harness.Samples;

/** Runs the benchmarks, prints their figures as a table and writes them to a file. */
final class Benchmarks {

  private Benchmarks() {}

  /**
   * Runs the benchmarks.
   *
   * @param args the file for the figures; then, optionally, a regular expression that selects the
   *     benchmarks to run by a part of their names
   */
  public static void main(String[] args) throws IOException, RunnerException {
    if (args.length < 1 || args.length > 2) {
      System.out.println("arguments: results.json [regular expression]");
      System.exit(1);
    }
    Predicate<String> selected = Pattern.compile(args.length > 1 ? args[1] : "").asPredicate();
    List<Measure> measures =
        Measure.ALL.stream().filter(measure -> selected.test(measure.name())).toList();
    List<Figure> figures = new ArrayList<>();
    List<Overview> overviews = new ArrayList<>();
    System.out.println("Benchmarks: a colon is an iteration of warm-up, a dot a measured one");
    for (Measure measure : measures) {
      Samples samples = run(measure);
      figures.addAll(measure.figures().apply(samples));
      measure.overview().ifPresent(overview -> overviews.add(overview.apply(samples)));
    }
    BenchmarkReport report = new BenchmarkReport(overviews, figures);
    System.out.printf("%n%s%n", report.text());
    report.write(Path.of(args[0]));
  }

  private static Samples run(Measure measure) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include("\\." + measure.benchmark().getSimpleName() + "\\.")
            .shouldFailOnError(true)
            .build();
    ProgressFormat progress = new ProgressFormat(System.out, measure.name());
    try {
      return new Samples(new Runner(options, progress).run());
    } catch (RunnerException e) {
      System.out.println(progress.log());
      throw e;
    }
  }
}
