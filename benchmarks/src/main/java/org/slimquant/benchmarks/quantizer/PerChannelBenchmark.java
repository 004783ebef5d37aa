package org.slimquant.benchmarks.quantizer;

import java.util.List;
import java.util.stream.IntStream;
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
import org.slimquant.format.PerChannel;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.types.TFloat32;

/**
 * The time of a fake quant with an exponent for each channel, in copies of the kernel, which has
 * the shape {@code [3, 3, 128, 128]}.
 *
 * <p>The goal is for one kernel in a run. The session itself takes two thirds of the time of such a
 * copy, so 40 kernels in one run say more about the ops themselves. However, 40 kernels do not fit
 * in a cache.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 15)
@State(Scope.Thread)
public class PerChannelBenchmark {

  private static final Shape KERNEL = Shape.of(3, 3, 128, 128);
  private static final int KERNELS = 40;
  private static final int ROUNDS = 20;

  // The exponents of a trained kernel differ by a few.
  private static final PerChannel FORMAT =
      PerChannel.of(8, IntStream.range(0, 128).map(channel -> -7 - channel % 3).toArray());

  private final Graph graph = new Graph();
  private final Session session;
  private final List<Operation> copies;
  private final List<Operation> fakeQuants;

  /** Builds the ops and fills the kernels. */
  public PerChannelBenchmark() {
    Ops tf = Ops.create(graph);
    List<Variable<TFloat32>> kernels =
        IntStream.range(0, KERNELS).mapToObj(i -> tf.variable(KERNEL, TFloat32.class)).toList();
    copies = kernels.stream().<Operation>map(kernel -> tf.deepCopy(kernel).op()).toList();
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<TFloat32> images = tf.placeholder(TFloat32.class);
    fakeQuants =
        IntStream.range(0, KERNELS)
            .mapToObj(i -> fakeQuant(tf, quantizer, "conv" + i, images, kernels.get(i)))
            .toList();
    session = FixedThreads.session(graph, 1);
    kernels.forEach(kernel -> session.run(tf.assign(kernel, values(tf))));
  }

  /** Nanoseconds for a kernel. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double copy;
    public double fakeQuant;
    public double copyOfMany;
    public double fakeQuantOfMany;
  }

  /** Runs copies and fake quants in turns. */
  @Benchmark
  public void run(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS,
            List.of(
                () -> runOne(copies),
                () -> runOne(fakeQuants),
                () -> run(copies),
                () -> run(fakeQuants)));
    counters.copy = nanos[0] / KERNELS;
    counters.fakeQuant = nanos[1] / KERNELS;
    counters.copyOfMany = nanos[2] / KERNELS;
    counters.fakeQuantOfMany = nanos[3] / KERNELS;
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    session.close();
    graph.close();
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal(
                "fake quant per channel of a kernel / copy",
                "x",
                samples.ratio("fakeQuant", "copy"),
                3)
            .elsewhere("TensorFlow's own op: 60"),
        Figure.of(
            "  the same, 40 kernels in one run",
            "x",
            samples.ratio("fakeQuantOfMany", "copyOfMany")),
        Figure.of(
            "  a copy of one kernel, run and all",
            "µs",
            samples.quartiles("copy", nanos -> nanos / 1e3)));
  }

  /** Adds a layer that quantizes {@code kernel}, and returns its kernel's fake quant. */
  private Operation fakeQuant(
      Ops tf,
      GraphQuantizer quantizer,
      String name,
      Operand<TFloat32> images,
      Operand<TFloat32> kernel) {
    QuantizedLayer layer = QuantizedLayer.of(name, FORMAT, FixedPoint.signed(8, -4));
    GraphQuantizer.layer(
        quantizer,
        layer,
        () -> tf.nn.conv2d(quantizer.input(images), kernel, List.of(1L, 1L, 1L, 1L), "SAME"));
    return graph.operationOrThrow(name + "/SlimQuant/kernel");
  }

  /** Returns numbers around the formats' range. */
  private static Operand<TFloat32> values(Ops tf) {
    return tf.math.sub(
        tf.random.randomUniform(tf.constant(KERNEL), TFloat32.class, RandomUniform.seed(1L)),
        tf.constant(0.5f));
  }

  /** Runs the first op as often as there are kernels. */
  private void runOne(List<Operation> targets) {
    for (int i = 0; i < KERNELS; i++) {
      run(targets.subList(0, 1));
    }
  }

  private void run(List<Operation> targets) {
    Session.Runner runner = session.runner();
    targets.forEach(runner::addTarget);
    runner.run().close();
  }
}
