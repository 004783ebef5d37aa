package org.slimquant.demo.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.CalibrationListener;
import org.slimquant.calibration.Calibrator;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A model of images in a graph, with everything for its training: placeholders, loss, optimizer,
 * and the session that runs them.
 *
 * <pre>{@code
 * images ─▶ model ─▶ logits ─┬─▶ softmax cross-entropy ─▶ loss ─▶ Adam
 * labels ────────────────────┘
 * }</pre>
 */
public final class Classifier implements AutoCloseable {

  /** The name of the images in the signature of a saved model. */
  static final String IMAGES = "images";

  /** The name of the logits in the signature of a saved model. */
  static final String LOGITS = "logits";

  private static final int EVALUATION_BATCH = 500;

  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;
  private final Op step;
  private final Session session;

  /** The switch that is on from now on. */
  private Optional<Operand<TBool>> freeze = Optional.empty();

  /**
   * Adds a model to an empty graph and starts a session with initialised variables.
   *
   * @param graph the graph; the caller closes it after the classifier
   * @param imageShape the shape of one image
   * @param model adds the model, from images to logits
   */
  public Classifier(
      Graph graph, Shape imageShape, UnaryOperator<Operand<TFloat32>> model, Training training) {
    Ops tf = Ops.create(graph);
    images =
        tf.withName("images")
            .placeholder(TFloat32.class, Placeholder.shape(imageShape.prepend(Shape.UNKNOWN_SIZE)));
    labels =
        tf.withName("labels")
            .placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
    logits = model.apply(images);
    Operand<TFloat32> expected =
        tf.oneHot(labels, tf.constant(Accuracy.CLASSES), tf.constant(1f), tf.constant(0f));
    loss =
        tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(logits, expected).loss(), tf.constant(0));
    step = new OrderedAdam(graph, training.learningRate()).minimize(loss);
    session = new Session(graph, config(training.threads()));
    session.initialize();
  }

  /** Returns the configuration of a session that computes with a number of threads. */
  public static ConfigProto config(int threads) {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(1)
        .build();
  }

  /** Runs one step of the optimizer and returns the loss before it. */
  public double train(LabelledImages batch) {
    try (TFloat32 imageTensor = batch.imageTensor();
        TInt32 labelTensor = batch.labelTensor();
        TBool on = TBool.scalarOf(true)) {
      Session.Runner runner = session.runner().feed(images, imageTensor).feed(labels, labelTensor);
      freeze.ifPresent(operand -> runner.feed(operand, on));
      try (Result result = runner.addTarget(step).fetch(loss).run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  /** Freezes the statistics of batch normalizations from the next step on. */
  public void freezeBatchNorms(GraphQuantizer quantizer) {
    freeze = Optional.of(quantizer.freezeBatchNorms());
  }

  /** Returns the logits of the images, one row after the other. */
  public float[] logits(LabelledImages batch) {
    return fetch(List.of(logits.asOutput().op().name()), batch).get(0);
  }

  /** Returns the share of the images whose highest logit is that of their class, 0 to 1. */
  public double accuracy(LabelledImages test) {
    long right =
        test.batches(EVALUATION_BATCH).stream()
            .mapToLong(batch -> Accuracy.right(batch, logits(batch)))
            .sum();
    return (double) right / test.size();
  }

  /**
   * Computes tensors of the graph and returns their elements.
   *
   * @param tensors their names: {@code conv1/SlimQuant/output} or {@code Relu:0}
   */
  public List<float[]> fetch(List<String> tensors, LabelledImages batch) {
    try (TFloat32 imageTensor = batch.imageTensor()) {
      Session.Runner runner = session.runner().feed(images, imageTensor);
      // A session does not return tensors that it is fed.
      List<String> computed = tensors.stream().filter(tensor -> !isImages(tensor)).toList();
      computed.forEach(runner::fetch);
      try (Result result = runner.run()) {
        return tensors.stream()
            .map(tensor -> isImages(tensor) ? imageTensor : result.get(computed.indexOf(tensor)))
            .map(tensor -> Floats.copyOf((TFloat32) tensor))
            .toList();
      }
    }
  }

  /**
   * Returns whether the graph has a tensor of an integer model. The compiler adds tensors to a
   * model, and their names have an apostrophe, which no name in a graph has.
   */
  public static boolean computes(String tensor) {
    return tensor.indexOf('\'') < 0;
  }

  private boolean isImages(String tensor) {
    return session.graph().outputOrThrow(tensor).equals(images.asOutput());
  }

  /** Returns the session, which this classifier closes. */
  public Session session() {
    return session;
  }

  /**
   * Finds the formats of the model, which was built with {@code quantizer}.
   *
   * @param batches the batches to feed, which show how large the tensors get
   * @param listener gets the number of finished batches
   */
  public QuantizationPlan calibrate(
      CalibratingQuantizer quantizer, List<LabelledImages> batches, CalibrationListener listener) {
    return observe(quantizer, batches, listener).plan();
  }

  /**
   * Returns a calibrator that has observed the tensors of the model, which was built with {@code
   * quantizer}.
   *
   * @param batches the batches to feed
   * @param listener gets the number of finished batches
   */
  public Calibrator observe(
      CalibratingQuantizer quantizer, List<LabelledImages> batches, CalibrationListener listener) {
    Calibrator calibrator = quantizer.calibrator(session, listener);
    for (LabelledImages batch : batches) {
      try (TFloat32 imageTensor = batch.imageTensor()) {
        calibrator.add(runner -> runner.feed(images, imageTensor));
      }
    }
    return calibrator;
  }

  /**
   * Finds the cost of each quantized tensor of the model when it is quantized alone. The model was
   * built with {@code quantizer}.
   *
   * @param batches the batches to feed, on which logits and accuracy are compared
   */
  public Sensitivity sensitivity(ProbingQuantizer quantizer, List<LabelledImages> batches) {
    List<TFloat32> tensors = batches.stream().map(LabelledImages::imageTensor).toList();
    try {
      return quantizer.analyze(
          session,
          logits,
          IntStream.range(0, batches.size())
              .mapToObj(
                  i ->
                      Batch.of(
                          runner -> runner.feed(images, tensors.get(i)), batches.get(i).labels()))
              .toList());
    } finally {
      tensors.forEach(TFloat32::close);
    }
  }

  /**
   * Compiles the model, which was built with a quantizer and a plan, to an integer model.
   *
   * @param name the name of the integer model
   * @param plan the formats of the graph
   */
  public IntegerModel compile(String name, QuantizationPlan plan) {
    return IntegerCompiler.compile(name, session, plan, images, logits).model();
  }

  /** Writes the model and its variables as a SavedModel, for any TensorFlow to load. */
  public void save(Path folder) throws IOException {
    Signature signature = Signature.builder().input(IMAGES, images).output(LOGITS, logits).build();
    SavedModelBundle.exporter(folder.toString())
        .withSession(session)
        .withSignature(signature)
        .export();
  }

  @Override
  public void close() {
    session.close();
  }
}
