package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.types.TFloat32;

/**
 * Sessions whose variables have the values of their initializers, and sessions that only seem to.
 */
final class InitialValuesTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  /** A kind of initializer of the kernel. */
  enum Initializer {
    SEEDED,
    UNSEEDED,
    CONSTANT
  }

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothingRestored(Initializer initializer) {
    Model model = model(CalibratingQuantizer.of(graph), initializer);
    try (Session session = new Session(graph)) {
      assertRefused("kernel and bias still have", session, model);
      // The session has run since, but only initializers gave values.
      session.initialize();
      assertRefused("kernel and bias still have", session, model);
      session.runner().fetch(model.kernel).run().close();
      assertRefused("kernel and bias still have", session, model);
    }
  }

  @Test
  void nothingRestoredIntoOneOfTwoSessions(@TempDir Path folder) {
    Model model = model(CalibratingQuantizer.of(graph), Initializer.UNSEEDED);
    try (Session saved = new Session(graph);
        Session session = new Session(graph)) {
      saved.save(checkpoint(folder));
      saved.restore(checkpoint(folder));
      calibrate(saved, model);
      assertRefused("kernel and bias still have", session, model);
    }
  }

  @Test
  void restored(@TempDir Path folder) {
    Model model = model(CalibratingQuantizer.of(graph), Initializer.SEEDED);
    try (Session saved = new Session(graph)) {
      saved.save(checkpoint(folder));
    }
    // The assigned values may even be those of the initializers.
    try (Session session = new Session(graph)) {
      session.restore(checkpoint(folder));
      calibrate(session, model);
    }
    try (Session session = new Session(graph)) {
      session.initialize();
      session.restore(checkpoint(folder));
      calibrate(session, model);
    }
  }

  @Test
  void assigned() {
    Model model = model(CalibratingQuantizer.of(graph), Initializer.SEEDED);
    Op assignment = tf.assign(model.kernel, tf.constant(new float[][] {{1, 2}, {3, 4}}));
    try (Session session = new Session(graph)) {
      assertRefused("kernel and bias still have", session, model);
      session.run(assignment);
      calibrate(session, model);
    }
  }

  @ParameterizedTest
  @EnumSource
  void trained(Initializer initializer) {
    CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
    Model model = model(quantizer, initializer);
    Op step = model.gradientDescent(tf);
    try (Session session = new Session(graph)) {
      assertRefused("kernel and bias still have", session, model);
      try (TFloat32 batch = batch()) {
        session.runner().feed(x, batch).addTarget(step.op()).run().close();
      }
      calibrate(session, model);
    }
  }

  @ParameterizedTest
  @EnumSource
  void notTrainedYet(Initializer initializer) {
    Model model = model(CalibratingQuantizer.of(graph), initializer);
    Op step = model.momentum(tf);
    try (Session session = new Session(graph)) {
      session.initialize();
      assertRefused("kernel and bias still have", session, model);
      try (TFloat32 batch = batch()) {
        session.runner().feed(x, batch).addTarget(step.op()).run().close();
      }
      calibrate(session, model);
    }
  }

  /** If it cannot be known, no session is refused. */
  @Test
  void perhapsTrained() {
    Model model = model(CalibratingQuantizer.of(graph), Initializer.UNSEEDED);
    model.gradientDescent(tf);
    try (Session session = new Session(graph)) {
      session.initialize();
      calibrate(session, model);
    }
  }

  @Test
  void meant() {
    Model model = model(CalibratingQuantizer.of(graph), Initializer.SEEDED);
    InitialValues.allow(graph);
    InitialValues.allow(graph);
    try (Session session = new Session(graph)) {
      calibrate(session, model);
    }
  }

  @Test
  void noVariables() {
    CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
    layer(
        quantizer,
        QuantizedLayer.of("dense", INT8, INT8),
        () -> tf.linalg.matMul(quantizer.input(x), tf.constant(new float[][] {{1, 2}, {3, 4}})));
    try (Session session = new Session(graph);
        TFloat32 batch = batch()) {
      quantizer.calibrator(session).add(runner -> runner.feed(x, batch));
    }
  }

  @Test
  void resourceVariables() {
    CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
    // The op's type is given only by its name.
    @SuppressWarnings("unchecked")
    Operand<TFloat32> handle =
        (Operand<TFloat32>)
            (Operand<?>)
                tf.withInitScope().withName("resource").varHandleOp(TFloat32.class, Shape.of(2, 2));
    Ops init = tf.withInitScope();
    init.assignVariableOp(handle, init.zeros(init.array(2L, 2L), TFloat32.class));
    layer(
        quantizer,
        QuantizedLayer.of("dense", INT8, INT8),
        () -> tf.linalg.matMul(quantizer.input(x), tf.readVariableOp(handle, TFloat32.class)));
    try (Session session = new Session(graph);
        TFloat32 batch = batch()) {
      Calibrator calibrator = quantizer.calibrator(session);
      assertRefused("resource still has", () -> calibrator.add(runner -> runner.feed(x, batch)));
      session.run(tf.assignVariableOp(handle, tf.constant(new float[2][2])));
      calibrator.add(runner -> runner.feed(x, batch));
    }
  }

  @Test
  void biasesAndSensitivity() {
    try (Graph quantized = new Graph()) {
      Ops ops = Ops.create(quantized);
      Model model =
          new Model(
              ops,
              ops.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2))),
              GraphQuantizer.fakeQuant(quantized),
              Initializer.SEEDED);
      try (Session session = new Session(quantized)) {
        assertRefused("bias still has", () -> model.quantizer.checkBiases(session));
        InitialValues.allow(quantized);
        assertThat(model.quantizer.checkBiases(session)).isEmpty();
      }
    }
    ProbingQuantizer probing = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Model model = model(probing, Initializer.SEEDED);
    try (Session session = new Session(graph);
        TFloat32 batch = batch()) {
      List<Batch> batches = List.of(Batch.of(runner -> runner.feed(x, batch)));
      assertRefused(
          "kernel and bias still have", () -> probing.analyze(session, model.logits, batches));
      InitialValues.allow(graph);
      probing.analyze(session, model.logits, batches);
    }
  }

  @Test
  void savedModel(@TempDir Path folder) throws IOException {
    Model model = model(GraphQuantizer.fakeQuant(graph), Initializer.SEEDED);
    try (Session session = new Session(graph)) {
      SavedModelBundle.exporter(folder.toString())
          .withSession(session)
          .withSignature(Signature.builder().input("x", x).output("logits", model.logits).build())
          .export();
    }
    try (SavedModelBundle loaded = SavedModelBundle.load(folder.toString())) {
      GraphOperation logits = loaded.graph().operationOrThrow(model.logits.op().name());
      InitialValues.refuse(loaded.session(), List.of(logits.output(0)));
    }
  }

  /** A dense layer with a bias. */
  private static final class Model {
    private final GraphQuantizer quantizer;
    private final Variable<TFloat32> kernel;
    private final Variable<TFloat32> bias;
    private final Operand<TFloat32> logits;

    Model(Ops tf, Operand<TFloat32> x, GraphQuantizer quantizer, Initializer initializer) {
      this.quantizer = quantizer;
      kernel = tf.withName("kernel").variable(initial(tf.withInitScope(), initializer));
      bias = tf.withName("bias").variable(tf.withInitScope().zeros(tf.array(2), TFloat32.class));
      logits =
          layer(
              quantizer,
              QuantizedLayer.of("dense", INT8, INT8),
              () ->
                  tf.nn.biasAdd(
                      tf.linalg.matMul(quantizer.input(new QuantizedInput("x", INT8), x), kernel),
                      bias));
    }

    private static Operand<TFloat32> initial(Ops tf, Initializer initializer) {
      return switch (initializer) {
        case SEEDED ->
            tf.random.truncatedNormal(tf.array(2, 2), TFloat32.class, TruncatedNormal.seed(7L));
        case UNSEEDED -> tf.random.truncatedNormal(tf.array(2, 2), TFloat32.class);
        case CONSTANT -> tf.constant(new float[][] {{1, 2}, {3, 5}});
      };
    }

    private List<Operand<TFloat32>> gradients(Ops tf) {
      Gradients gradients = tf.gradients(logits, List.of(kernel, bias));
      return List.of(gradients.dy(0), gradients.dy(1));
    }

    Op gradientDescent(Ops tf) {
      List<Operand<TFloat32>> gradients = gradients(tf);
      Operand<TFloat32> rate = tf.constant(0.5f);
      return tf.withControlDependencies(
              List.of(
                  tf.train.applyGradientDescent(kernel, rate, gradients.get(0)),
                  tf.train.applyGradientDescent(bias, rate, gradients.get(1))))
          .noOp();
    }

    Op momentum(Ops tf) {
      List<Operand<TFloat32>> gradients = gradients(tf);
      Operand<TFloat32> rate = tf.constant(0.5f);
      return tf.withControlDependencies(
              List.of(
                  tf.train.applyMomentum(kernel, slot(tf, 2, 2), rate, gradients.get(0), rate),
                  tf.train.applyMomentum(bias, slot(tf, 2), rate, gradients.get(1), rate)))
          .noOp();
    }

    private static Variable<TFloat32> slot(Ops tf, long... shape) {
      return tf.variable(tf.withInitScope().zeros(tf.constant(shape), TFloat32.class));
    }
  }

  private Model model(GraphQuantizer quantizer, Initializer initializer) {
    return new Model(tf, x, quantizer, initializer);
  }

  private static String checkpoint(Path folder) {
    return folder.resolve("checkpoint").toString();
  }

  private static TFloat32 batch() {
    return Tensors.tensor(Shape.of(2, 2), 1, 2, 3, 4);
  }

  private void calibrate(Session session, Model model) {
    try (TFloat32 batch = batch()) {
      ((CalibratingQuantizer) model.quantizer)
          .calibrator(session)
          .add(runner -> runner.feed(x, batch));
    }
  }

  private void assertRefused(String fact, Session session, Model model) {
    assertRefused(fact, () -> calibrate(session, model));
  }

  private static void assertRefused(String fact, Runnable run) {
    assertThat(assertThrows(IllegalStateException.class, run::run))
        .hasMessageThat()
        .isEqualTo(
            "the variables of a session must be restored, assigned or trained, but "
                + fact
                + " the initial value; call session.restore(checkpoint) before, or, if the initial"
                + " values are meant, InitialValues.allow(graph)");
  }
}
