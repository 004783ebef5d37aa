package org.slimquant.deploy.compile.refusals;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Graphs that were not built with the plan they are compiled with: one message each. */
final class WrongGraphsTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Session session = new Session(graph);
  private final Placeholder<TFloat32> images =
      tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));

  @AfterEach
  void closeGraph() {
    session.close();
    graph.close();
  }

  @Test
  void floatModel() {
    assertFails(
        "this one has no fake quants: it is the float model",
        plan("dense1", "dense2"),
        tf.nn.relu(tf.linalg.matMul(images, weights())));
  }

  @Test
  void graphThatCalibrates() {
    CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
    Operand<TFloat32> logits = model(quantizer);

    assertFails("this one calibrates, and computes the float model", plan("dense1"), logits);
    assertFails("this one calibrates, and computes the float model", quantizer.plan(), logits);
  }

  @Test
  void graphThatProbes() {
    Operand<TFloat32> logits = model(ProbingQuantizer.of(graph, QuantizationPlan.EMPTY));

    assertFails(
        "this one probes its tensors one at a time, and computes the float model",
        plan("dense1"),
        logits);
  }

  @Test
  void planOfAnotherModel() {
    Operand<TFloat32> logits = model(GraphQuantizer.fakeQuant(graph));

    assertFails(
        "none of the plan's names is in this one: the plan has the layers a, b, c and 1 more, the"
            + " graph dense1, dense2",
        plan("a", "b", "c", "d"),
        logits);
    assertFails(
        "the plan has no sites: is it that of a quantizer that calibrates?",
        QuantizationPlan.EMPTY,
        logits);
  }

  /** The plan of a whole model does for a part of it. */
  @Test
  void partOfAModel() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<TFloat32> logits = model(quantizer);
    List<Site> sites = quantizer.plan().sites();
    QuantizationPlan whole =
        new QuantizationPlan(
            List.of(
                sites.get(0), sites.get(1), sites.get(2), sites.get(3), sites.get(4), site("x")),
            List.of());

    assertThat(IntegerCompiler.compile(session, whole, images, logits).ops()).hasSize(2);
  }

  private Operand<TFloat32> model(GraphQuantizer quantizer) {
    Operand<TFloat32> hidden =
        GraphQuantizer.layer(
            quantizer,
            QuantizedLayer.of("dense1", INT8, INT8),
            () ->
                tf.linalg.matMul(
                    quantizer.input(new QuantizedInput("images", INT8), images), weights()));
    return GraphQuantizer.layer(
        quantizer,
        QuantizedLayer.of("dense2", INT8, INT8),
        () -> tf.linalg.matMul(quantizer.input(hidden), weights()));
  }

  private Operand<TFloat32> weights() {
    return tf.constant(new float[][] {{1, 2}, {3, 4}});
  }

  private static QuantizationPlan plan(String... layers) {
    return new QuantizationPlan(
        List.of(layers).stream().map(WrongGraphsTest::site).toList(), List.of());
  }

  private static Site site(String layer) {
    return new Site(
        layer + "/SlimQuant/output",
        Kind.OUTPUT,
        "x:0",
        INT8,
        new Source.Annotation(),
        Optional.empty());
  }

  private void assertFails(String fact, QuantizationPlan plan, Operand<TFloat32> logits) {
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> IntegerCompiler.compile(session, plan, images, logits)))
        .hasMessageThat()
        .isEqualTo(
            "a graph must be built with GraphQuantizer.fakeQuant and the plan that it is compiled"
                + " with, but "
                + fact
                + "; build the model in a graph of its own with that plan, and give that graph's"
                + " session and tensors");
  }
}
