package org.slimquant.benchmarks.quantizer;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Quartiles;
import org.slimquant.benchmarks.harness.Samples;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The memory that 2,000 quantized graphs do not release after they were built, differentiated and
 * closed.
 *
 * <p>Each iteration builds and closes 200 graphs, collects garbage and reads the resident size of
 * the process, whose heap is of fixed size and touched from the start. The rest is native memory:
 * TensorFlow's, and the JVM's own for compiled code and classes. The JVM's own grows a little while
 * any code runs. Float graphs, in a separate process, show by how much.
 *
 * <p>The growth per graph is the median of the slopes between any two iterations (Theil, 1950; Sen,
 * 1968), which a single page more or less does not affect. "No growth" means less than 100 bytes.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 10)
@Measurement(iterations = 11)
@State(Scope.Thread)
public class MemoryBenchmark {

  private static final int GRAPHS = 200;

  /**
   * This is less than 3 bytes for each of a graph's 40 fake quants. No leaked object is so small.
   */
  private static final double NOTHING_LEFT = 100;

  private final DenseLayers layers = DenseLayers.of(20);

  /** The parameter: whether the graphs are quantized. */
  @Param({"true", "false"})
  public boolean quantized;

  /**
   * After the iteration, in bytes: the resident size of the process, and the native memory that
   * waits for a Java object to be collected.
   */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double resident;
    public double tracked;
  }

  /** Builds and closes graphs. */
  @Benchmark
  public void build(Counters counters) throws InterruptedException {
    for (int i = 0; i < GRAPHS; i++) {
      try (Graph graph = new Graph()) {
        Operand<TFloat32> output = quantized ? layers.addQuantizedTo(graph) : layers.addTo(graph);
        layers.addGradients(graph, output);
      }
    }
    collectGarbage();
    counters.resident = Pointer.physicalBytes();
    counters.tracked = Pointer.totalBytes();
  }

  public static List<Figure> figures(Samples samples) {
    Samples floats = samples.where("quantized", "false");
    Samples quantized = samples.where("quantized", "true");
    return List.of(
        Figure.withGoal(
            "memory left by a quantized graph", "B", bytesPerGraph(quantized), NOTHING_LEFT),
        Figure.of("  by a float graph", "B", bytesPerGraph(floats)),
        Figure.of("  growth over 2,000 quantized graphs", "MB", growth(quantized)),
        Figure.of("  growth over 2,000 float graphs", "MB", growth(floats)),
        Figure.of(
            "  natives that Java objects hold at the end",
            "B",
            Quartiles.of(last(quantized.get("tracked")))));
  }

  private static Quartiles bytesPerGraph(Samples samples) {
    return Quartiles.ofSlopes(samples.get("resident"), bytes -> bytes / GRAPHS);
  }

  private static Quartiles growth(Samples samples) {
    double[] resident = samples.get("resident");
    return Quartiles.of((last(resident) - resident[0]) / 1e6);
  }

  private static double last(double[] values) {
    return values[values.length - 1];
  }

  /** Collects garbage until the unreachable objects have released their native memory. */
  private static void collectGarbage() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
  }
}
