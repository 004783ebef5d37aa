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
import org.slimquant.benchmarks.harness.Samples;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Training;
import org.slimquant.examples.models.QuantizedSeparableNet;
import org.slimquant.examples.models.SeparableNet;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/**
 * The time of a step of quantization-aware training of a network with batch normalization, in steps
 * of float training: while its statistics move, after the switch froze them, and in a graph for
 * inference, whose statistics are constant. It uses the separable network of the Fashion-MNIST
 * example with Adam, 128 images and one thread. All models run in one process and train in turns.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
@State(Scope.Thread)
public class NormalizedStepBenchmark {

  private static final int BATCH_SIZE = 128;
  private static final Training TRAINING = new Training(1, BATCH_SIZE, 0.001f, 1, 1);
  private static final int ROUNDS = 20;

  private final LabelledImages batch = RandomImages.images(BATCH_SIZE);
  private final QuantizationPlan plan = plan(batch);
  private final Graph floatGraph = new Graph();
  private final Classifier floats =
      classifier(floatGraph, new SeparableNet(Ops.create(floatGraph), TRAINING.seed(), true));
  private final Graph movingGraph = new Graph();
  private final Classifier moving = quantized(movingGraph, true, false);
  private final Graph frozenGraph = new Graph();
  private final Classifier frozen = quantized(frozenGraph, true, true);
  private final Graph inferenceGraph = new Graph();
  private final Classifier inference = quantized(inferenceGraph, false, false);

  /** Nanoseconds of a step. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double floats;
    public double moving;
    public double frozen;
    public double inference;
  }

  /** Trains all models in turns. */
  @Benchmark
  public void train(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS,
            List.of(
                () -> floats.train(batch),
                () -> moving.train(batch),
                () -> frozen.train(batch),
                () -> inference.train(batch)));
    counters.floats = nanos[0];
    counters.moving = nanos[1];
    counters.frozen = nanos[2];
    counters.inference = nanos[3];
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    List.of(floats, moving, frozen, inference).forEach(Classifier::close);
    List.of(floatGraph, movingGraph, frozenGraph, inferenceGraph).forEach(Graph::close);
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.withGoal(
                "step with batch normalization, fake quant / float",
                "x",
                samples.ratio("moving", "floats"),
                1.15)
            .elsewhere("PyTorch 1.13: 1.9"),
        Figure.withGoal("  frozen by the switch", "x", samples.ratio("frozen", "floats"), 1.05),
        Figure.withGoal(
            "  in a graph for inference", "x", samples.ratio("inference", "floats"), 1.05),
        Figure.of("  a float step", "ms", samples.quartiles("floats", nanos -> nanos / 1e6)));
  }

  /** Returns the formats that suit the initial values. */
  private static QuantizationPlan plan(LabelledImages batch) {
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      SeparableNet model =
          new QuantizedSeparableNet(Ops.create(graph), TRAINING.seed(), false, quantizer);
      try (Classifier classifier = classifier(graph, model)) {
        return classifier.calibrate(quantizer, List.of(batch), batches -> {});
      }
    }
  }

  private Classifier quantized(Graph graph, boolean training, boolean freeze) {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
    Classifier classifier =
        classifier(
            graph,
            new QuantizedSeparableNet(Ops.create(graph), TRAINING.seed(), training, quantizer));
    if (freeze) {
      classifier.freezeBatchNorms(quantizer);
    }
    return classifier;
  }

  private static Classifier classifier(Graph graph, SeparableNet model) {
    return new Classifier(graph, RandomImages.IMAGE_SHAPE, model::logits, TRAINING);
  }
}
