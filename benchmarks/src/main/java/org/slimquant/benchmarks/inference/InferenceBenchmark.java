package org.slimquant.benchmarks.inference;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slimquant.benchmarks.harness.Alternation;

/**
 * The time that a network takes in each {@link Way} of running it. All ways run in turns in one
 * process, after their outputs were compared.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@State(Scope.Thread)
public class InferenceBenchmark {

  private static final int MAX_ROUNDS = 3;
  private static final long TURN_NANOS = 20_000_000;
  private static final long ITERATION_NANOS = 1_000_000_000;
  private static final long WARM_UP_NANOS = 200_000_000;

  // Threads of ONNX Runtime that wait for work in a loop go to sleep after some 25 ms.
  private static final Duration PAUSE = Duration.ofMillis(50);

  @Param public BenchmarkNetwork network = BenchmarkNetwork.DIGITS;

  @Param({"1", "2"})
  public int threads;

  @Param({"1", "64"})
  public int batch;

  private final List<NetworkRunner> runners = new ArrayList<>();
  private final Map<Way, Turn> turns = new EnumMap<>(Way.class);
  private int rounds;

  /** Nanoseconds of a run; 0 for a way that does not run. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double onnxFloat;
    public double onnxOperators;
    public double onnxInt8;
    public double onnxQdq;
    public double tensorFlow;
    public double tensorFlowLite;
    public double engine;
    public double c;

    void count(Way way, double nanos) {
      switch (way) {
        case ONNX_FLOAT -> onnxFloat = nanos;
        case ONNX_OPERATORS -> onnxOperators = nanos;
        case ONNX_INT8 -> onnxInt8 = nanos;
        case ONNX_QDQ -> onnxQdq = nanos;
        case TENSORFLOW -> tensorFlow = nanos;
        case TENSORFLOW_LITE -> tensorFlowLite = nanos;
        case ENGINE -> engine = nanos;
        case C -> c = nanos;
      }
    }
  }

  /**
   * The turn of a runner: enough runs to measure their time.
   *
   * @param nanos the time of a run
   */
  private record Turn(NetworkRunner runner, long nanos) implements Runnable {

    /** Warms a runner up, and measures the time of a run. */
    static Turn of(NetworkRunner runner) {
      long start = System.nanoTime();
      long before;
      long now = start;
      do {
        before = now;
        runner.run();
        now = System.nanoTime();
      } while (now - start < WARM_UP_NANOS);
      return new Turn(runner, now - before);
    }

    int repetitions() {
      return (int) Math.max(1, TURN_NANOS / nanos);
    }

    @Override
    public void run() {
      for (int i = 0; i < repetitions(); i++) {
        runner.run();
      }
    }
  }

  /** Loads, compares and warms up. */
  @Setup
  public void open() throws IOException {
    Workload workload = network.workload(batch, threads);
    long nanos = 0;
    for (Way way : Way.with(threads)) {
      NetworkRunner runner = way.open(workload);
      runners.add(runner);
      way.check(workload, runner.output());
      Turn turn = Turn.of(runner);
      turns.put(way, turn);
      nanos += turn.nanos() * turn.repetitions();
    }
    rounds = (int) Math.max(1, Math.min(MAX_ROUNDS, ITERATION_NANOS / nanos));
  }

  /** Runs the network in turns. */
  @Benchmark
  public void run(Counters counters) {
    // With one thread, no thread waits for work.
    Duration pause = threads == 1 ? Duration.ZERO : PAUSE;
    double[] nanos = Alternation.medianNanos(rounds, pause, List.copyOf(turns.values()));
    int i = 0;
    for (Map.Entry<Way, Turn> turn : turns.entrySet()) {
      counters.count(turn.getKey(), nanos[i++] / turn.getValue().repetitions());
    }
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    runners.forEach(NetworkRunner::close);
  }
}
