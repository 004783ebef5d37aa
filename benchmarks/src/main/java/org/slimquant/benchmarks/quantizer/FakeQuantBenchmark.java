package org.slimquant.benchmarks.quantizer;

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
import org.slimquant.benchmarks.harness.Alternation;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.FixedThreads;
import org.slimquant.benchmarks.harness.Samples;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.FakeQuant;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.types.TFloat32;

/**
 * The time of a fake quant of 16M floats, forward and with its gradient, in copies of the tensor.
 *
 * <pre>{@code
 * x ─▶ DeepCopy
 * x ─▶ fake quant
 * x ─▶ fake quant, x and dy ─▶ gradient
 * }</pre>
 *
 * <p>{@code x} and {@code dy} are variables, which TensorFlow can neither fold nor pass on without
 * a copy. The ops are targets, so no tensor is copied to the JVM.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
@State(Scope.Thread)
public class FakeQuantBenchmark {

  private static final Shape SHAPE = Shape.of(16 << 20);
  private static final FixedPoint FORMAT = FixedPoint.signed(8, -7);
  private static final int ROUNDS = 10;

  private final Graph graph = new Graph();
  private final Session session;
  private final Operation copy;
  private final Operation forward;
  private final Operation backward;

  /** Builds the ops and fills the variables. */
  public FakeQuantBenchmark() {
    Ops tf = Ops.create(graph);
    Variable<TFloat32> x = tf.variable(SHAPE, TFloat32.class);
    Variable<TFloat32> dy = tf.variable(SHAPE, TFloat32.class);
    copy = tf.deepCopy(x).op();
    Operand<TFloat32> y = FakeQuant.of(tf, x, FORMAT);
    forward = y.op();
    backward = gradient(y, x, dy).op();
    session = FixedThreads.session(graph, 1);
    session.run(tf.assign(x, values(tf)));
    session.run(tf.assign(dy, values(tf)));
  }

  /** Nanoseconds of a run. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double copy;
    public double forward;
    public double forwardAndBackward;
  }

  /** Runs copy, forward, and forward with backward in turns. */
  @Benchmark
  public void run(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS, List.of(() -> run(copy), () -> run(forward), () -> run(forward, backward)));
    counters.copy = nanos[0];
    counters.forward = nanos[1];
    counters.forwardAndBackward = nanos[2];
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    session.close();
    graph.close();
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal("fake quant forward / copy", "x", samples.ratio("forward", "copy"), 1.1)
            .elsewhere("PyTorch 1.13: 16 forward and backward"),
        Figure.withGoal(
                "fake quant forward and backward / copy",
                "x",
                samples.ratio("forwardAndBackward", "copy"),
                2.2)
            .elsewhere("PyTorch 1.13: 16"),
        Figure.of("  a copy of 16M floats", "ms", samples.quartiles("copy", nanos -> nanos / 1e6)));
  }

  private Output<?> gradient(Operand<TFloat32> y, Operand<TFloat32> x, Operand<TFloat32> dy) {
    return graph
        .addGradients(
            "gradient",
            new Output<?>[] {y.asOutput()},
            new Output<?>[] {x.asOutput()},
            new Output<?>[] {dy.asOutput()})[0];
  }

  /** Returns numbers around the format's range; a sixth of them is beyond it. */
  private static Operand<TFloat32> values(Ops tf) {
    Operand<TFloat32> unit =
        tf.random.randomUniform(tf.constant(SHAPE), TFloat32.class, RandomUniform.seed(1L));
    return tf.math.mul(tf.math.sub(unit, tf.constant(0.5f)), tf.constant(2.4f));
  }

  private void run(Operation... targets) {
    Session.Runner runner = session.runner();
    for (Operation target : targets) {
      runner.addTarget(target);
    }
    runner.run().close();
  }
}
