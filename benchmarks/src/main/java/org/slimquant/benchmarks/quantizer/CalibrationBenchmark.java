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
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.examples.models.FashionNet;
import org.slimquant.examples.models.QuantizedFashionNet;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The time of a calibration pass, from the batch to the statistics, in forward passes of the float
 * model over the same batches. It uses the network of the Fashion-MNIST example and one thread.
 *
 * <p>The float model and the calibrating model have separate graphs.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 15)
@State(Scope.Thread)
public class CalibrationBenchmark {

  private static final long SEED = 1;
  private static final int ROUNDS = 20;

  private final TFloat32 large = RandomImages.images(128).imageTensor();
  private final TFloat32 small = RandomImages.images(32).imageTensor();
  private final Graph floatGraph = new Graph();
  private final Operand<TFloat32> images = images(floatGraph);
  private final Operand<TFloat32> logits =
      new FashionNet(Ops.create(floatGraph), SEED).logits(images);
  private final Session floats = session(floatGraph);
  private final Graph calibratingGraph = new Graph();
  private final CalibratingQuantizer quantizer = CalibratingQuantizer.of(calibratingGraph);
  private final Operand<TFloat32> observedImages = images(calibratingGraph);
  private final Session observed;
  private final Calibrator calibrator;

  /** Builds both models. */
  public CalibrationBenchmark() {
    InitialValues.allow(calibratingGraph);
    new QuantizedFashionNet(Ops.create(calibratingGraph), SEED, quantizer).logits(observedImages);
    observed = session(calibratingGraph);
    calibrator = quantizer.calibrator(observed);
  }

  /** Nanoseconds of a pass. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double forward128;
    public double calibration128;
    public double forward32;
    public double calibration32;
  }

  /** Runs both models in turns. */
  @Benchmark
  public void run(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS,
            List.of(
                () -> forward(large),
                () -> calibrate(large),
                () -> forward(small),
                () -> calibrate(small)));
    counters.forward128 = nanos[0];
    counters.calibration128 = nanos[1];
    counters.forward32 = nanos[2];
    counters.calibration32 = nanos[3];
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    observed.close();
    calibratingGraph.close();
    floats.close();
    floatGraph.close();
    small.close();
    large.close();
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal(
            "calibration pass / forward pass, batch 128",
            "x",
            samples.ratio("calibration128", "forward128"),
            1.5),
        Figure.withGoal(
            "calibration pass / forward pass, batch 32",
            "x",
            samples.ratio("calibration32", "forward32"),
            1.5),
        Figure.of(
            "  a forward pass of 32 images",
            "ms",
            samples.quartiles("forward32", nanos -> nanos / 1e6)));
  }

  private void forward(TFloat32 batch) {
    floats.runner().feed(images, batch).addTarget(logits).run().close();
  }

  private void calibrate(TFloat32 batch) {
    calibrator.add(runner -> runner.feed(observedImages, batch));
  }

  private static Operand<TFloat32> images(Graph graph) {
    return Ops.create(graph)
        .placeholder(
            TFloat32.class,
            Placeholder.shape(RandomImages.IMAGE_SHAPE.prepend(Shape.UNKNOWN_SIZE)));
  }

  private static Session session(Graph graph) {
    Session session = FixedThreads.session(graph, 1);
    session.initialize();
    return session;
  }
}
