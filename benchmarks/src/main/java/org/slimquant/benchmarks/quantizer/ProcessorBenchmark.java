package org.slimquant.benchmarks.quantizer;

import com.google.auto.value.processor.AutoValueProcessor;
import java.io.IOException;
import java.util.List;
import javax.tools.JavaFileObject;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slimquant.benchmarks.harness.Alternation;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Quartiles;
import org.slimquant.benchmarks.harness.Samples;
import org.slimquant.processor.LocalModelsProcessor;
import org.slimquant.processor.QuantInt8Processor;

/**
 * The time that this project's processor adds to a compilation, per layer. It is the time of javac
 * with the processor for a hundred models of ten layers and the generated classes, minus the time
 * of javac without it for the same models.
 *
 * <p>For comparison, it measures AutoValue's {@code @Memoized}, which overrides annotated methods
 * in the same way: AutoValue for a hundred classes with ten such methods, minus AutoValue for the
 * same classes without the annotation; and minus javac without AutoValue.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 12)
@Measurement(iterations = 15)
@State(Scope.Thread)
public class ProcessorBenchmark {

  private static final int METHODS = ModelSources.CLASSES * ModelSources.METHODS;
  private static final int ROUNDS = 2;

  private final InMemoryCompiler compiler = new InMemoryCompiler();
  private final List<JavaFileObject> models = ModelSources.models();
  private final List<JavaFileObject> memoized = ModelSources.memoized();
  private final List<JavaFileObject> plain = ModelSources.plain();

  /** Nanoseconds of a compilation. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double models;
    public double quantizedModels;
    public double values;
    public double plainAutoValues;
    public double memoizedAutoValues;
  }

  /** Compiles with and without the processors in turns. */
  @Benchmark
  public void compile(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS,
            List.of(
                () -> compiler.compile(models),
                () ->
                    compiler.compile(models, new LocalModelsProcessor(), new QuantInt8Processor()),
                () -> compiler.compile(memoized),
                () -> compiler.compile(plain, new AutoValueProcessor()),
                () -> compiler.compile(memoized, new AutoValueProcessor())));
    counters.models = nanos[0];
    counters.quantizedModels = nanos[1];
    counters.values = nanos[2];
    counters.plainAutoValues = nanos[3];
    counters.memoizedAutoValues = nanos[4];
  }

  /** Closes the jars. */
  @TearDown
  public void close() throws IOException {
    compiler.close();
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal("compile a layer", "ms", millis(samples, "quantizedModels", "models"), 1),
        Figure.of(
            "  AutoValue's @Memoized, a method",
            "ms",
            millis(samples, "memoizedAutoValues", "plainAutoValues")),
        Figure.of(
            "  AutoValue and @Memoized, a method",
            "ms",
            millis(samples, "memoizedAutoValues", "values")),
        Figure.of(
            "  javac with the processor / without",
            "x",
            samples.ratio("quantizedModels", "models")));
  }

  private static Quartiles millis(Samples samples, String with, String without) {
    return Quartiles.ofPairs(
        samples.get(with), samples.get(without), (a, b) -> (a - b) / METHODS / 1e6);
  }
}
