package org.slimquant.benchmarks.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Overview;
import org.slimquant.benchmarks.harness.Samples;

/** The figures from the times of {@link InferenceBenchmark}. */
public final class InferenceFigures {

  private InferenceFigures() {}

  /** A setting of the benchmark. */
  private record Case(BenchmarkNetwork network, int threads, int batch) {

    private static final List<Case> ALL =
        Arrays.stream(BenchmarkNetwork.values())
            .flatMap(
                network ->
                    Stream.of(
                        new Case(network, 1, 1),
                        new Case(network, 1, 64),
                        new Case(network, 2, 1),
                        new Case(network, 2, 64)))
            .toList();

    List<String> labels() {
      return List.of(network.title, String.valueOf(threads), String.valueOf(batch));
    }

    String figure(String what) {
      return "%s, %d thread%s, batch %d: %s"
          .formatted(network.title, threads, threads == 1 ? "" : "s", batch, what);
    }

    Samples of(Samples all) {
      return all.where("network", network.name())
          .where("threads", String.valueOf(threads))
          .where("batch", String.valueOf(batch));
    }

    Figure ratio(Samples all, Way way, Way base) {
      return Figure.of(
          figure(way.title + " / " + base.title), "x", of(all).ratio(way.counter, base.counter));
    }

    boolean ran(Samples all, Way way) {
      return of(all).counted(way.counter);
    }
  }

  /** Returns the ratios that have goals. */
  public static List<Figure> goals(Samples samples) {
    List<Figure> figures = new ArrayList<>();
    for (Case run : Case.ALL) {
      Optional<Double> goal = integersGoal(run.network());
      if (goal.isPresent()) {
        figures.add(run.ratio(samples, Way.ONNX_INT8, Way.ONNX_FLOAT).withGoal(goal.get()));
      }
      if (run.ran(samples, Way.C)) {
        figures.add(run.ratio(samples, Way.C, Way.TENSORFLOW_LITE).withGoal(2));
      }
      if (run.network() == BenchmarkNetwork.DIGITS && run.ran(samples, Way.ENGINE)) {
        figures.add(run.ratio(samples, Way.ENGINE, Way.TENSORFLOW_LITE).withGoal(3));
        Figure floats = run.ratio(samples, Way.ENGINE, Way.TENSORFLOW);
        figures.add(run.batch() == 1 ? floats.withGoal(1) : floats);
      }
    }
    return figures;
  }

  private static Optional<Double> integersGoal(BenchmarkNetwork network) {
    return switch (network) {
      case DIGITS -> Optional.empty();
      case FASHION, CONVOLUTIONS -> Optional.of(1 / 3.0);
      case DEPTHWISE, WIDE_DEPTHWISE -> Optional.of(1 / 2.3);
    };
  }

  /** Returns all ways side by side. */
  public static Overview overview(Samples samples) {
    List<String> headings = new ArrayList<>(List.of("network", "threads", "batch"));
    for (Way way : Way.values()) {
      headings.add(way == Way.ONNX_FLOAT ? way.title + ", ms" : way.title);
    }
    List<Overview.Row> rows = new ArrayList<>();
    for (Case run : Case.ALL) {
      List<Optional<Figure>> cells = new ArrayList<>();
      for (Way way : Way.values()) {
        cells.add(run.ran(samples, way) ? Optional.of(cell(samples, run, way)) : Optional.empty());
      }
      rows.add(new Overview.Row(run.labels(), cells));
    }
    return new Overview(
        "Inference: milliseconds of the float network in ONNX Runtime, and how many times as long the"
            + " others take",
        headings,
        rows,
        notes(samples));
  }

  private static Figure cell(Samples samples, Case run, Way way) {
    return way == Way.ONNX_FLOAT
        ? Figure.of(
            run.figure(way.title),
            "ms",
            run.of(samples).quartiles(way.counter, nanos -> nanos / 1e6))
        : run.ratio(samples, way, Way.ONNX_FLOAT);
  }

  private static List<String> notes(Samples samples) {
    List<String> notes = new ArrayList<>();
    notes.add("The engine and the C have one thread.");
    if (!samples.counted(Way.C.counter)) {
      notes.add("The C was not run: there is no C compiler (cc, gcc or clang) on the path.");
    }
    return notes;
  }
}
