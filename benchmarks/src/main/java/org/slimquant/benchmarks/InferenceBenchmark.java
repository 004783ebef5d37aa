package org.slimquant.benchmarks;

import java.util.List;
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
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;

/**
 * A run of the integer engine, in runs of TensorFlow's float session and of TensorFlow Lite's int8
 * interpreter: {@link DigitNetwork}, one thread each. All three stand in one process and run in
 * turns.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
@State(Scope.Thread)
public class InferenceBenchmark {

  private static final int ROUNDS_OF_ONE = 500;
  private static final int ROUNDS_OF_MANY = 15;

  private final Networks one = new Networks(1);
  private final Networks many = new Networks(64);

  /** Nanoseconds of a run. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double engineOne;
    public double floatsOne;
    public double liteOne;
    public double engineMany;
    public double floatsMany;
    public double liteMany;
  }

  /** Runs the networks in turns, with one image and with 64. */
  @Benchmark
  public void infer(Counters counters) {
    double[] nanos = one.medianNanos(ROUNDS_OF_ONE);
    counters.engineOne = nanos[0];
    counters.floatsOne = nanos[1];
    counters.liteOne = nanos[2];
    nanos = many.medianNanos(ROUNDS_OF_MANY);
    counters.engineMany = nanos[0];
    counters.floatsMany = nanos[1];
    counters.liteMany = nanos[2];
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    many.close();
    one.close();
  }

  static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal(
            "1 image, integer engine / TensorFlow's float session",
            "x",
            samples.ratio("engineOne", "floatsOne"),
            1),
        Figure.withGoal(
            "1 image, integer engine / TensorFlow Lite int8",
            "x",
            samples.ratio("engineOne", "liteOne"),
            3),
        Figure.of("  the engine's run", "µs", samples.quartiles("engineOne", nanos -> nanos / 1e3)),
        Figure.withGoal(
            "64 images, integer engine / TensorFlow Lite int8",
            "x",
            samples.ratio("engineMany", "liteMany"),
            3),
        Figure.of(
            "  integer engine / TensorFlow's float session",
            "x",
            samples.ratio("engineMany", "floatsMany")),
        Figure.of(
            "  the engine's run", "µs", samples.quartiles("engineMany", nanos -> nanos / 1e3)));
  }

  /** The network for one batch, three times. */
  private static final class Networks implements AutoCloseable {
    final IntegerEngine engine;
    final int[] input;
    final int[] output;
    final FloatSession floats;
    final TfLiteInterpreter lite;

    Networks(int batch) {
      IntegerModel model = DigitNetwork.create();
      engine = IntegerEngine.of(model);
      input = DigitNetwork.images(batch);
      output = new int[batch * model.output().size()];
      floats = new FloatSession(model, input);
      lite = new TfLiteInterpreter(model, input);
    }

    /** Returns the median time of the engine, the float session and TensorFlow Lite, in turns. */
    double[] medianNanos(int rounds) {
      return Alternation.medianNanos(
          rounds, List.of(() -> engine.run(input, output), floats::run, lite::run));
    }

    @Override
    public void close() {
      lite.close();
      floats.close();
    }
  }
}
