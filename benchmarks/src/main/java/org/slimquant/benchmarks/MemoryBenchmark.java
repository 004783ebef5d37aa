package org.slimquant.benchmarks;

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
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The memory that 2,000 quantized graphs leave behind which were built, differentiated and closed.
 *
 * <p>Each iteration builds and closes 200 graphs, collects garbage and reads the resident size of
 * the process, whose heap is of fixed size and touched from the start. What is left is native
 * memory: TensorFlow's, and the JVM's own for compiled code and classes, which goes on growing a
 * little with anything that runs. Float graphs, in a process of their own, show how much.
 *
 * <p>The growth per graph is the median of the slopes between any two iterations (Theil, 1950; Sen,
 * 1968), on which a page that comes or goes has no hold.
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

  private final DenseLayers layers = new DenseLayers(20);

  /** Whether the graphs are quantized. */
  @Param({"true", "false"})
  public boolean quantized;

  /** The size of the process after the iteration, in bytes. */
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

  static List<Figure> figures(Samples samples) {
    return List.of();
  }

  /** Collects until what the collector found unreachable has given its native memory back. */
  @SuppressWarnings("ThreadSleep")
  private static void collectGarbage() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
  }
}
