package org.slimquant.benchmarks.quantizer;

import java.util.List;
import java.util.function.BiConsumer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Quartiles;
import org.slimquant.benchmarks.harness.Samples;
import org.tensorflow.Graph;

/**
 * The time to insert and reroute, per quantized tensor: the time to build a quantized graph minus
 * the time to build the same float graph, divided by the number of its fake quants.
 *
 * <p>Each iteration builds graphs of all sizes. The graphs of each size have 10,000 layers
 * together. So all are equally warm, and their ratios are of one iteration. There are fewer layers
 * with biases, because a bias is quantized by eight small ops and takes longer than kernel and
 * output together.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 6)
@Measurement(iterations = 12)
@State(Scope.Thread)
public class InsertBenchmark {

  private final DenseLayers hundred = DenseLayers.of(100);
  private final DenseLayers thousand = DenseLayers.of(1_000);
  private final DenseLayers tenThousand = DenseLayers.of(10_000);
  private final DenseLayers biased = DenseLayers.withBiases(1_000);

  /** Nanoseconds per quantized tensor. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double at100;
    public double at1000;
    public double at10000;
    public double biased;
  }

  /** Builds graphs of all sizes. */
  @Benchmark
  public void build(Counters counters) {
    counters.at100 = nanosPerTensor(hundred, 100);
    counters.at1000 = nanosPerTensor(thousand, 10);
    counters.at10000 = nanosPerTensor(tenThousand, 1);
    counters.biased = nanosPerTensor(biased, 2);
  }

  public static List<Figure> figures(Samples samples) {
    String name = "insert and reroute a tensor, %s layers";
    return List.of(
        Figure.withGoal(name.formatted("100"), "µs", micros(samples, "at100"), 50),
        Figure.withGoal(name.formatted("1,000"), "µs", micros(samples, "at1000"), 50),
        Figure.withGoal(name.formatted("10,000"), "µs", micros(samples, "at10000"), 50),
        Figure.withGoal(
            "  the same, 10,000 layers / 100 layers", "x", samples.ratio("at10000", "at100"), 1.5),
        Figure.withGoal(name.formatted("1,000 biased"), "µs", micros(samples, "biased"), 50));
  }

  private static Quartiles micros(Samples samples, String counter) {
    return samples.quartiles(counter, nanos -> nanos / 1e3);
  }

  private static double nanosPerTensor(DenseLayers layers, int graphs) {
    long nanos = 0;
    for (int i = 0; i < graphs; i++) {
      nanos += nanos(layers, DenseLayers::addQuantizedTo) - nanos(layers, DenseLayers::addTo);
    }
    return (double) nanos / graphs / layers.tensors();
  }

  private static long nanos(DenseLayers layers, BiConsumer<DenseLayers, Graph> build) {
    try (Graph graph = new Graph()) {
      long start = System.nanoTime();
      build.accept(layers, graph);
      return System.nanoTime() - start;
    }
  }
}
