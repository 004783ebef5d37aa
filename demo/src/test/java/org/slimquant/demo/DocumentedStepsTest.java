package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.models.ShippedPlans;
import org.slimquant.deploy.Compilation;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.report.QuantizationReport;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.WeightedOp;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Runs the steps that README and docs show, one after the other. */
final class DocumentedStepsTest {

  @Test
  void stepsLeadFromTheFloatModelToIntegers(@TempDir Path folder) {
    String checkpoint = folder.resolve("lenet").toString();
    long seed = 1;
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      new LeNet(Ops.create(graph), seed).logits(images(graph));
      session.initialize();
      session.save(checkpoint);
    }
    QuantizationPlan plan = calibrate(checkpoint, seed);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images = images(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      Operand<TFloat32> logits = new QuantizedLeNet(tf, seed, quantizer).logits(images);
      session.restore(checkpoint);
      Op step = new Adam(graph, 0.0001f).minimize(loss(tf, logits));

      assertThat(plan.unusedBy(quantizer.plan())).isEmpty();
      session.initialize();
      try (TFloat32 batch = Digits.load().test().first(10).imageTensor()) {
        session.runner().feed(images, batch).addTarget(step).run().close();
      }
      float[] pixels = Digits.load().test().first(2).pixels();
      IntegerModel model = IntegerCompiler.compile("lenet", session, plan, images, logits).model();
      float[] scores = IntegerEngine.of(model).run(pixels);

      assertThat(scores).hasLength(20);
    }
  }

  private static QuantizationPlan calibrate(String checkpoint, long seed) {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 batch = Digits.load().test().first(100).imageTensor()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images = images(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      new QuantizedLeNet(tf, seed, quantizer).logits(images);
      session.restore(checkpoint);
      Calibrator calibrator = quantizer.calibrator(session);
      calibrator.add(runner -> runner.feed(images, batch));
      QuantizationPlan plan = calibrator.plan();
      return plan;
    }
  }

  /** The checkpoint of a graph without an optimizer is restored in a graph with one. */
  @Test
  void theOptimizerIsAddedAfterTheCheckpointIsRestored(@TempDir Path folder) {
    String checkpoint = folder.resolve("lenet").toString();
    float[] saved;
    try (Graph graph = new Graph()) {
      new LeNet(Ops.create(graph), 1).logits(images(graph));
      try (Session session = new Session(graph)) {
        session.save(checkpoint);
        saved = variable(session, "conv1_kernel");
      }
    }
    try (Graph graph = new Graph()) {
      Placeholder<TFloat32> images = images(graph);
      Operand<TFloat32> loss = quantizedLoss(graph, images);
      try (Session session = new Session(graph);
          TFloat32 batch = Digits.load().test().first(10).imageTensor()) {
        session.restore(checkpoint);
        Op step = new Adam(graph, 0.0001f).minimize(loss);

        session.initialize();
        assertThat(variable(session, "conv1_kernel")).isEqualTo(saved);
        session.runner().feed(images, batch).addTarget(step).run().close();
        assertThat(variable(session, "conv1_kernel")).isNotEqualTo(saved);
      }
    }
    try (Graph graph = new Graph()) {
      new Adam(graph, 0.0001f).minimize(quantizedLoss(graph, images(graph)));
      try (Session session = new Session(graph)) {
        assertThrows(TensorFlowException.class, () -> session.restore(checkpoint));
      }
    }
  }

  /** Returns a loss of LeNet with initial values that differ from the checkpoint's. */
  private static Operand<TFloat32> quantizedLoss(Graph graph, Operand<TFloat32> images) {
    Ops tf = Ops.create(graph);
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, ShippedPlans.leNet());
    return loss(tf, new QuantizedLeNet(tf, 2, quantizer).logits(images));
  }

  private static Operand<TFloat32> loss(Ops tf, Operand<TFloat32> logits) {
    return tf.math.mean(tf.math.square(logits), tf.array(0, 1));
  }

  private static float[] variable(Session session, String name) {
    try (Result result = session.runner().fetch(name).run()) {
      TFloat32 value = (TFloat32) result.get(0);
      float[] elements = new float[Math.toIntExact(value.size())];
      value.asRawTensor().data().asFloats().read(elements);
      return elements;
    }
  }

  @Test
  void tensorsAreQuantizedOneByOne() {
    LabelledImages digits = Digits.load().test().first(100);
    int[] labels = digits.labels();
    long seed = 1;
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 batch = digits.imageTensor()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images = images(graph);
      InitialValues.allow(graph);
      QuantizationPlan plan = ShippedPlans.leNet();
      ProbingQuantizer quantizer = ProbingQuantizer.of(graph, plan);
      Operand<TFloat32> logits = new QuantizedLeNet(tf, seed, quantizer).logits(images);
      session.initialize();
      List<Batch> batches = List.of(Batch.of(runner -> runner.feed(images, batch), labels));
      Sensitivity sensitivity = quantizer.analyze(session, logits, batches);

      assertThat(sensitivity.toString()).contains("conv1/SlimQuant/kernel");
    }
  }

  @Test
  void thePlanIsThatOfTheModel() throws IOException {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, ShippedPlans.leNet());
      new QuantizedLeNet(Ops.create(graph), 1, quantizer).logits(images(graph));

      String page = Files.readString(Path.of("..", "docs", "formats.md"));
      assertThat(page).contains(quantizer.plan().toString().replaceAll("(?m) +$", ""));
    }
  }

  @Test
  void theIntegersComeOut(@TempDir Path folder) throws IOException {
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      Placeholder<TFloat32> images = images(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, ShippedPlans.leNet());
      Operand<TFloat32> logits = new QuantizedLeNet(Ops.create(graph), 1, quantizer).logits(images);
      try (Session session = new Session(graph)) {
        session.initialize();
        compile(session, quantizer.plan(), images, logits).write(folder.resolve("lenet.slmq"));
      }
    }
    IntegerModel model = IntegerModel.read(folder.resolve("lenet.slmq"));
    WeightedOp conv1 = model.layer("conv1");
    int[] codes = conv1.kernel().codes().toArray();
    int exponent = conv1.kernel().exponent(0);
    ExactnessCertificate certificate = ExactnessCertificate.of(model);
    CFiles files = CExporter.write(model, folder.resolve("c"));
    OnnxExporter.write(model, folder.resolve("lenet.onnx"));
    QuantizationPlan plan = ShippedPlans.leNet();
    QuantizationReport.of(plan)
        .title("LeNet")
        .model(model)
        .certificate(certificate)
        .write(folder.resolve("lenet.html"));

    assertThat(codes).hasLength(3 * 3 * 16);
    assertThat(exponent).isEqualTo(-6);
    assertThat(scores(model, Digits.load().test().first(2).pixels())).hasLength(20);
    assertThat(certificate.exact()).isTrue();
    assertThat(Files.readString(files.header()))
        .contains("void lenet_run(const uint8_t *input, int8_t *output);");
    assertThat(Files.size(folder.resolve("lenet.onnx"))).isGreaterThan(14_000);
    assertThat(Files.readString(folder.resolve("lenet.html"))).contains("<title>LeNet</title>");
  }

  private static IntegerModel compile(
      Session session, QuantizationPlan plan, Operand<TFloat32> images, Operand<TFloat32> logits) {
    Compilation compiled = IntegerCompiler.compile("lenet", session, plan, images, logits);
    return compiled.model();
  }

  private static float[] scores(IntegerModel model, float[] pixels) {
    IntegerEngine engine = IntegerEngine.of(model);
    float[] scores = engine.run(pixels);
    return scores;
  }

  private static Placeholder<TFloat32> images(Graph graph) {
    return Ops.create(graph)
        .withName("images")
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
  }
}
