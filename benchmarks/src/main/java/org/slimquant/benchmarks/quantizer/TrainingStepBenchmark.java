package org.slimquant.benchmarks.quantizer;

import java.util.List;
import java.util.function.UnaryOperator;
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
import org.slimquant.benchmarks.harness.Samples;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Training;
import org.slimquant.examples.models.FashionNet;
import org.slimquant.examples.models.QuantizedFashionNet;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The time of a step of quantization-aware training, in steps of float training. It uses the
 * network of the Fashion-MNIST example with Adam, 128 images and one thread. Both models run in one
 * process and train in turns.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
@State(Scope.Thread)
public class TrainingStepBenchmark {

  private static final int BATCH_SIZE = 128;
  private static final Training TRAINING = new Training(1, BATCH_SIZE, 0.001f, 1, 1);
  private static final int ROUNDS = 20;

  private final LabelledImages batch = RandomImages.images(BATCH_SIZE);
  private final Graph floatGraph = new Graph();
  private final Classifier floats =
      classifier(floatGraph, new FashionNet(Ops.create(floatGraph), TRAINING.seed())::logits);
  private final Graph quantizedGraph = new Graph();
  private final Classifier quantized =
      classifier(
          quantizedGraph,
          new QuantizedFashionNet(
                  Ops.create(quantizedGraph),
                  TRAINING.seed(),
                  GraphQuantizer.fakeQuant(quantizedGraph, plan(batch)))
              ::logits);

  /** Nanoseconds of a step. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double floats;
    public double quantized;
  }

  /** Trains both models in turns. */
  @Benchmark
  public void train(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS, List.of(() -> floats.train(batch), () -> quantized.train(batch)));
    counters.floats = nanos[0];
    counters.quantized = nanos[1];
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    quantized.close();
    quantizedGraph.close();
    floats.close();
    floatGraph.close();
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal(
                "training step, fake quant / float",
                "x",
                samples.ratio("quantized", "floats"),
                1.05)
            .elsewhere("PyTorch 1.13: 1.82"),
        Figure.of("  a float step", "ms", samples.quartiles("floats", nanos -> nanos / 1e6)));
  }

  /** Returns the formats that suit the initial values. */
  private static QuantizationPlan plan(LabelledImages batch) {
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      FashionNet model = new QuantizedFashionNet(Ops.create(graph), TRAINING.seed(), quantizer);
      try (Classifier classifier = classifier(graph, model::logits)) {
        return classifier.calibrate(quantizer, List.of(batch), batches -> {});
      }
    }
  }

  private static Classifier classifier(Graph graph, UnaryOperator<Operand<TFloat32>> model) {
    return new Classifier(graph, RandomImages.IMAGE_SHAPE, model, TRAINING);
  }
}
