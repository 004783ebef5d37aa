package org.slimquant.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Overview;
import org.slimquant.benchmarks.harness.Samples;
import org.slimquant.benchmarks.inference.InferenceBenchmark;
import org.slimquant.benchmarks.inference.InferenceFigures;
import org.slimquant.benchmarks.quantizer.CalibrationBenchmark;
import org.slimquant.benchmarks.quantizer.FakeQuantBenchmark;
import org.slimquant.benchmarks.quantizer.InsertBenchmark;
import org.slimquant.benchmarks.quantizer.MemoryBenchmark;
import org.slimquant.benchmarks.quantizer.NormalizedStepBenchmark;
import org.slimquant.benchmarks.quantizer.PerChannelBenchmark;
import org.slimquant.benchmarks.quantizer.ProcessorBenchmark;
import org.slimquant.benchmarks.quantizer.ScanBenchmark;
import org.slimquant.benchmarks.quantizer.TrainingStepBenchmark;

/**
 * A benchmark and the figures that its counters give.
 *
 * @param name the name by which the command line selects it
 * @param benchmark the JMH class
 * @param figures computes the figures from the counters of a run
 * @param overview arranges the figures as a table, if there are too many for a list
 */
record Measure(
    String name,
    Class<?> benchmark,
    Function<Samples, List<Figure>> figures,
    Optional<Function<Samples, Overview>> overview) {

  /** Every measure, in the order of the report. */
  static final List<Measure> ALL =
      List.of(
          new Measure("insert", InsertBenchmark.class, InsertBenchmark::figures),
          new Measure("scan", ScanBenchmark.class, ScanBenchmark::figures),
          new Measure("fakeQuant", FakeQuantBenchmark.class, FakeQuantBenchmark::figures),
          new Measure("perChannel", PerChannelBenchmark.class, PerChannelBenchmark::figures),
          new Measure("calibration", CalibrationBenchmark.class, CalibrationBenchmark::figures),
          new Measure("trainingStep", TrainingStepBenchmark.class, TrainingStepBenchmark::figures),
          new Measure(
              "normalizedStep", NormalizedStepBenchmark.class, NormalizedStepBenchmark::figures),
          new Measure(
              "inference",
              InferenceBenchmark.class,
              InferenceFigures::goals,
              Optional.of(InferenceFigures::overview)),
          new Measure("processor", ProcessorBenchmark.class, ProcessorBenchmark::figures),
          new Measure("memory", MemoryBenchmark.class, MemoryBenchmark::figures));

  private Measure(String name, Class<?> benchmark, Function<Samples, List<Figure>> figures) {
    this(name, benchmark, figures, Optional.empty());
  }
}
