package org.slimquant.demo.segmentation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Accuracy;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Floats;
import org.slimquant.demo.training.OrderedAdam;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.examples.models.SegmentationNet;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A {@link SegmentationNet} in a graph, with everything for its training.
 *
 * <pre>{@code
 * images ─▶ model ─┬─▶ mask ───▶ sigmoid cross-entropy ──┐
 * masks ───────────┼──────────────────▲                  ├─▶ sum ─▶ Adam
 *                  └─▶ logits ─▶ softmax cross-entropy ──┘
 * labels ──────────────────────────▲
 * }</pre>
 */
public final class Segmenter implements AutoCloseable {

  private static final int CLASSES = 10;
  private static final int EVALUATION_BATCH = 250;

  private final Training training;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TFloat32> masks;
  private final Placeholder<TInt32> labels;
  private final SegmentationNet.Scores scores;
  private final Op step;
  private final Session session;

  /** The switch that freezes batch normalizations, once it is on. */
  private Optional<Operand<TBool>> freeze = Optional.empty();

  /**
   * The shares of right answers.
   *
   * @param pixels the share of the pixels that are found to be the item's, or not, 0 to 1
   * @param classes the share of the images whose class is found, 0 to 1
   */
  public record Shares(double pixels, double classes) {}

  /**
   * Adds a model to an empty graph and starts a session with initialised variables.
   *
   * @param graph the graph; the caller closes it after the segmenter
   * @param model adds the model, from images to scores
   */
  public Segmenter(
      Graph graph, Function<Operand<TFloat32>, SegmentationNet.Scores> model, Training training) {
    this.training = training;
    Ops tf = Ops.create(graph);
    Placeholder.Options shape = Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, 28, 28, 1));
    images = tf.withName("images").placeholder(TFloat32.class, shape);
    masks = tf.withName("masks").placeholder(TFloat32.class, shape);
    labels =
        tf.withName("labels")
            .placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
    scores = model.apply(images);
    step = new OrderedAdam(graph, training.learningRate()).minimize(loss(tf));
    session = new Session(graph, Classifier.config(training.threads()));
    session.initialize();
  }

  /** Returns {@code mean(max(s, 0) - s · mask + log(1 + e^-|s|))}, and the loss of the classes. */
  private Operand<TFloat32> loss(Ops tf) {
    Operand<TFloat32> s = scores.mask();
    Operand<TFloat32> pixels =
        tf.math.add(
            tf.math.sub(tf.nn.relu(s), tf.math.mul(s, masks)),
            tf.math.log1p(tf.math.exp(tf.math.neg(tf.math.abs(s)))));
    Operand<TFloat32> expected =
        tf.oneHot(labels, tf.constant(CLASSES), tf.constant(1f), tf.constant(0f));
    return tf.math.add(
        tf.math.mean(pixels, tf.array(0, 1, 2, 3)),
        tf.math.mean(
            tf.nn.softmaxCrossEntropyWithLogits(scores.logits(), expected).loss(), tf.constant(0)));
  }

  /**
   * Trains the model with shuffled batches.
   *
   * @param beforeStep is told the number of each step, counted from 0, before it is made
   */
  public void train(SegmentedImages data, IntConsumer beforeStep) {
    Random random = new Random(training.seed());
    List<Integer> order =
        IntStream.range(0, data.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
    int batches = data.size() / training.batchSize();
    for (int i = 0; i < steps(data); i++) {
      if (i % batches == 0) {
        Collections.shuffle(order, random);
      }
      beforeStep.accept(i);
      int start = i % batches * training.batchSize();
      step(
          data.select(
              order.subList(start, start + training.batchSize()).stream()
                  .mapToInt(Integer::intValue)
                  .toArray()));
    }
  }

  /** Returns the number of steps of a training with these images. */
  public int steps(SegmentedImages data) {
    return training.epochs() * (data.size() / training.batchSize());
  }

  private void step(SegmentedImages batch) {
    try (TFloat32 imageTensor = batch.images().imageTensor();
        TFloat32 maskTensor = batch.maskTensor();
        TInt32 labelTensor = batch.images().labelTensor();
        TBool on = TBool.scalarOf(true)) {
      Session.Runner runner =
          session
              .runner()
              .feed(images, imageTensor)
              .feed(masks, maskTensor)
              .feed(labels, labelTensor)
              .addTarget(step);
      freeze.ifPresent(operand -> runner.feed(operand, on));
      runner.run().close();
    }
  }

  /** Freezes the statistics of batch normalizations from the next step on. */
  public void freezeBatchNorms(GraphQuantizer quantizer) {
    freeze = Optional.of(quantizer.freezeBatchNorms());
  }

  /** Returns the shares of right answers. */
  public Shares shares(SegmentedImages data) {
    List<String> tensors = List.of(name(scores.mask()), name(scores.logits()));
    long pixels = 0;
    double classes = 0;
    for (SegmentedImages batch : data.batches(EVALUATION_BATCH)) {
      List<float[]> computed = fetch(tensors, batch.images());
      pixels += batch.right(computed.get(0));
      classes += Accuracy.of(batch.images(), computed.get(1)) * batch.size();
    }
    return new Shares(
        (double) pixels / (data.size() * data.images().imageShape().size()), classes / data.size());
  }

  /** Computes tensors of the graph, given by their names, and returns their elements. */
  public List<float[]> fetch(List<String> tensors, LabelledImages batch) {
    try (TFloat32 imageTensor = batch.imageTensor()) {
      Session.Runner runner = session.runner().feed(images, imageTensor);
      tensors.forEach(runner::fetch);
      try (Result result = runner.run()) {
        return IntStream.range(0, tensors.size())
            .mapToObj(i -> Floats.copyOf((TFloat32) result.get(i)))
            .toList();
      }
    }
  }

  /** Returns the formats of the model, which was built with {@code quantizer}. */
  public QuantizationPlan calibrate(CalibratingQuantizer quantizer, SegmentedImages data) {
    Calibrator calibrator = quantizer.calibrator(session);
    for (SegmentedImages batch : data.batches(training.batchSize())) {
      try (TFloat32 imageTensor = batch.images().imageTensor()) {
        calibrator.add(runner -> runner.feed(images, imageTensor));
      }
    }
    return calibrator.plan();
  }

  /** Compiles the model, which was built with a quantizer and a plan, with both outputs. */
  public IntegerModel compile(String name, QuantizationPlan plan) {
    return IntegerCompiler.compile(
            name, session, plan, List.of(images), List.of(scores.mask(), scores.logits()))
        .model();
  }

  /** Returns the session, which this segmenter closes. */
  public Session session() {
    return session;
  }

  private static String name(Operand<TFloat32> operand) {
    return operand.asOutput().op().name();
  }

  @Override
  public void close() {
    session.close();
  }
}
