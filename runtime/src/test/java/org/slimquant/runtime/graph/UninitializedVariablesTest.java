package org.slimquant.runtime.graph;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFFailedPreconditionException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Sessions that run a model before all of its variables have values. */
final class UninitializedVariablesTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Session session = new Session(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
  private final Variable<TFloat32> kernel =
      tf.withName("kernel").variable(Shape.of(2, 2), TFloat32.class);
  private final Variable<TFloat32> bias = tf.withName("bias").variable(Shape.of(2), TFloat32.class);

  // The op's type is given only by its name.
  @SuppressWarnings("unchecked")
  private final Operand<TFloat32> resource =
      (Operand<TFloat32>)
          (Operand<?>) tf.withName("resource").varHandleOp(TFloat32.class, Shape.of(2, 2));

  private final Op kernelValue = tf.assign(kernel, tf.constant(new float[2][2]));
  private final Op biasValue = tf.assign(bias, tf.constant(new float[2]));
  private final Op resourceValue = tf.assignVariableOp(resource, tf.constant(new float[2][2]));

  @AfterEach
  void closeGraph() {
    session.close();
    graph.close();
  }

  @Test
  void calibration() {
    CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
    network(quantizer);
    Calibrator calibrator = quantizer.calibrator(session);

    assertFails("kernel, resource have none", () -> withBatch(batch -> add(calibrator, batch)));
    session.run(kernelValue);
    assertFails("resource has none", () -> withBatch(batch -> add(calibrator, batch)));
    session.run(resourceValue);
    assertFails("bias has none", () -> withBatch(batch -> add(calibrator, batch)));
    assertThat(calibrator.statistics().batches()).isEqualTo(0);
    session.run(biasValue);
    withBatch(batch -> add(calibrator, batch));

    assertThat(calibrator.statistics().batches()).isEqualTo(1);
  }

  @Test
  void sensitivity() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> logits = network(quantizer);

    assertFails(
        "bias, kernel, resource have none",
        () -> withBatch(batch -> analyze(quantizer, logits, batch)));
    session.run(biasValue);
    session.run(resourceValue);
    assertFails("kernel has none", () -> withBatch(batch -> analyze(quantizer, logits, batch)));
  }

  @Test
  void inspection() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    network(quantizer);

    assertFails("bias has none", () -> quantizer.checkBiases(session));
    session.run(biasValue);

    assertThat(quantizer.checkBiases(session)).isEmpty();
  }

  /** Reading the counter alone would write it again, and without the fed tensor it would fail. */
  @Test
  void readThatWaitsForAnUpdate() {
    Op update = tf.assignAddVariableOp(resource, x);
    Operand<TFloat32> sum =
        tf.math.add(
            tf.withControlDependencies(List.of(update)).readVariableOp(resource, TFloat32.class),
            kernel);
    session.run(resourceValue);

    assertFails(
        "kernel has none",
        () ->
            withBatch(
                batch ->
                    UninitializedVariables.run(
                            session, session.runner().feed(x, batch).fetch(sum), List.of(sum))
                        .close()));
  }

  /** A run may fail because something else is missing. */
  @Test
  void noVariable() {
    Operand<TFloat32> found =
        tf.lookupTableFind(
            tf.hashTable(TInt64.class, TFloat32.class), tf.constant(1L), tf.constant(0f));

    assertThrows(
        TFFailedPreconditionException.class,
        () ->
            UninitializedVariables.run(session, session.runner().fetch(found), List.of(found))
                .close());
  }

  private static void assertFails(String fact, Executable run) {
    IllegalStateException thrown = assertThrows(IllegalStateException.class, run);
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "each variable that a session reads must have a value, but "
                + fact
                + "; initialise the session or restore a checkpoint into it before");
    assertThat(thrown).hasCauseThat().isInstanceOf(TFFailedPreconditionException.class);
  }

  /** Two layers; the second reads a resource variable. */
  private Operand<TFloat32> network(GraphQuantizer quantizer) {
    Operand<TFloat32> hidden =
        layer(
            quantizer,
            QuantizedLayer.of("dense1", INT8, INT8),
            () ->
                tf.nn.biasAdd(
                    tf.linalg.matMul(quantizer.input(new QuantizedInput("x", INT8), x), kernel),
                    bias));
    return layer(
        quantizer,
        QuantizedLayer.of("dense2", INT8, INT8),
        () ->
            tf.linalg.matMul(quantizer.input(hidden), tf.readVariableOp(resource, TFloat32.class)));
  }

  private void withBatch(Consumer<TFloat32> use) {
    try (TFloat32 batch = Tensors.tensor(Shape.of(2, 2), 1, 2, 3, 4)) {
      use.accept(batch);
    }
  }

  private void add(Calibrator calibrator, TFloat32 batch) {
    calibrator.add(runner -> runner.feed(x, batch));
  }

  private void analyze(ProbingQuantizer quantizer, Operand<TFloat32> logits, TFloat32 batch) {
    quantizer.analyze(session, logits, List.of(Batch.of(runner -> runner.feed(x, batch))));
  }
}
