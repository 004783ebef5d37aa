package org.slimquant.examples.first;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.report.QuantizationReport;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Trains a model in floats, quantizes it, trains it through int8, and runs it as integers. */
public final class FirstModel {

  private static final int TRAINING_POINTS = 2_000;
  private static final int TEST_POINTS = 1_000;
  private static final int RINGS = 3;

  private FirstModel() {}

  /**
   * Runs all steps.
   *
   * @param args the folder to write to
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args.length == 0 ? "target/first-model" : args[0]);
    String checkpoint = folder.resolve("checkpoint").toString();
    trainFloat(checkpoint);
    QuantizationPlan plan = calibrate(checkpoint);
    System.out.println(plan);
    plan.write(folder.resolve("rings.plan.txtpb"));
    IntegerModel model = trainQuantized(checkpoint, plan);
    deploy(model, plan, folder);
  }

  /** Trains the float model and saves a checkpoint. */
  private static void trainFloat(String checkpoint) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> points = points(tf);
      Operand<TFloat32> scores = new RingNet(tf).scores(points);
      train(session, points, scores, 0.01f, 2_000);
      session.save(checkpoint);
      System.out.printf("float: %.3f%n", accuracy(scores(session, points, scores)));
    }
  }

  /** Finds the formats of all tensors from the numbers in the float model. */
  private static QuantizationPlan calibrate(String checkpoint) {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 batch = tensor(coordinates(TRAINING_POINTS), 2)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> points = points(tf);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      new QuantizedRingNet(tf, quantizer).scores(points);
      session.restore(checkpoint);
      Calibrator calibrator = quantizer.calibrator(session);
      calibrator.add(runner -> runner.feed(points, batch));
      return calibrator.plan();
    }
  }

  /** Trains the quantized model, compiles it, and compares its scores with the engine's. */
  private static IntegerModel trainQuantized(String checkpoint, QuantizationPlan plan) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> points = points(tf);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      Operand<TFloat32> scores = new QuantizedRingNet(tf, quantizer).scores(points);
      session.restore(checkpoint);
      System.out.printf("PTQ: %.3f%n", accuracy(scores(session, points, scores)));

      train(session, points, scores, 0.0003f, 2_000);
      quantizer.verify().forEach(System.out::println);
      float[] trained = scores(session, points, scores);
      System.out.printf("QAT: %.3f%n", accuracy(trained));

      IntegerModel model = IntegerCompiler.compile("rings", session, plan, points, scores).model();
      float[] integers = IntegerEngine.of(model).run(coordinates(TEST_POINTS));
      System.out.printf("as integers: %.3f%n", accuracy(integers));
      System.out.println("the same scores: " + Arrays.equals(trained, integers));
      return model;
    }
  }

  /** Writes all files that a device or a reader may need. */
  private static void deploy(IntegerModel model, QuantizationPlan plan, Path folder)
      throws IOException {
    ExactnessCertificate certificate = ExactnessCertificate.of(model);
    System.out.println("proven to be exact: " + certificate.exact());
    model.write(folder.resolve("rings.slmq"));
    CExporter.write(model, folder.resolve("c"));
    OnnxExporter.write(model, folder.resolve("rings.onnx"));
    QuantizationReport.of(plan)
        .title("Rings")
        .model(model)
        .certificate(certificate)
        .write(folder.resolve("report.html"));
  }

  /** Trains on all points at once. */
  private static void train(
      Session session,
      Placeholder<TFloat32> points,
      Operand<TFloat32> scores,
      float learningRate,
      int steps) {
    Ops tf = Ops.create(session.graph());
    Placeholder<TFloat32> rings =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, RINGS)));
    Operand<TFloat32> loss =
        tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(scores, rings).loss(), tf.constant(0));
    Op step = new Adam(session.graph(), learningRate).minimize(loss);
    session.initialize();
    float[] coordinates = coordinates(TRAINING_POINTS);
    try (TFloat32 batch = tensor(coordinates, 2);
        TFloat32 labels = tensor(labels(coordinates), RINGS)) {
      for (int i = 0; i < steps; i++) {
        session.runner().feed(points, batch).feed(rings, labels).addTarget(step).run().close();
      }
    }
  }

  /** Returns the scores of all test points, one row after the other. */
  private static float[] scores(
      Session session, Placeholder<TFloat32> points, Operand<TFloat32> scores) {
    try (TFloat32 batch = tensor(coordinates(TEST_POINTS), 2);
        Result result = session.runner().feed(points, batch).fetch(scores).run()) {
      float[] elements = new float[TEST_POINTS * RINGS];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(elements);
      return elements;
    }
  }

  /** Returns the share of the test points whose ring has the highest score. */
  private static double accuracy(float[] scores) {
    float[] labels = labels(coordinates(TEST_POINTS));
    int right = 0;
    for (int i = 0; i < scores.length; i += RINGS) {
      int highest = i;
      for (int j = i + 1; j < i + RINGS; j++) {
        highest = scores[j] > scores[highest] ? j : highest;
      }
      right += (int) labels[highest];
    }
    return (double) right / TEST_POINTS;
  }

  /** Returns x and y of random points in the square from -1 to 1; the seed is their number. */
  private static float[] coordinates(int count) {
    Random random = new Random(count);
    float[] coordinates = new float[2 * count];
    for (int i = 0; i < coordinates.length; i++) {
      coordinates[i] = 2 * random.nextFloat() - 1;
    }
    return coordinates;
  }

  /** Returns for each point a 1 for its ring, and a 0 for each other ring. */
  private static float[] labels(float[] coordinates) {
    float[] labels = new float[coordinates.length / 2 * RINGS];
    for (int i = 0; i < coordinates.length / 2; i++) {
      double radius = Math.hypot(coordinates[2 * i], coordinates[2 * i + 1]);
      labels[RINGS * i + (radius < 0.5 ? 0 : radius < 0.8 ? 1 : 2)] = 1;
    }
    return labels;
  }

  private static TFloat32 tensor(float[] elements, int columns) {
    return TFloat32.tensorOf(
        Shape.of(elements.length / columns, columns), DataBuffers.of(elements));
  }

  private static Placeholder<TFloat32> points(Ops tf) {
    return tf.withName("points").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
  }
}
