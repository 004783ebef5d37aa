package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The sum before a layer's activation, and the layers that need none. */
final class ActivationFinderTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final float[][] KERNEL = {{1, -2}, {0.5f, 3}, {-1, 1}};

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 3)));

  @AfterEach
  void close() {
    graph.close();
  }

  /** Builds a dense layer with an activation, and returns the tensor of its sum's site, or "". */
  private String sumBefore(UnaryOperator<Operand<TFloat32>> activation) {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    build(quantizer, QuantizedLayer.of("dense", INT8, INT8).withSum(INT8), activation);
    assertThat(quantizer.verify()).isEmpty();
    return sumOf(quantizer.plan());
  }

  private static String sumOf(QuantizationPlan plan) {
    return plan.sites().stream()
        .filter(site -> site.kind() == Kind.SUM)
        .map(Site::tensor)
        .findFirst()
        .orElse("");
  }

  private Operand<TFloat32> build(
      GraphQuantizer quantizer, QuantizedLayer layer, UnaryOperator<Operand<TFloat32>> activation) {
    return GraphQuantizer.layer(
        quantizer,
        layer,
        () ->
            activation.apply(
                tf.withName("biased")
                    .nn
                    .biasAdd(
                        tf.linalg.matMul(
                            quantizer.input(new QuantizedInput("x", INT8), x), tf.constant(KERNEL)),
                        tf.array(1f, 2f))));
  }

  @Test
  void functionsOfTheAccumulator() {
    assertThat(sumBefore(y -> tf.math.sigmoid(y))).isEqualTo("biased:0");
  }

  @Test
  void theAccumulatorIsReadTwice() {
    assertThat(
            sumBefore(
                y ->
                    tf.math.div(
                        tf.math.mul(y, tf.nn.relu6(tf.math.add(y, tf.constant(3f)))),
                        tf.constant(6f))))
        .isEqualTo("biased:0");
  }

  @Test
  void onlyClampsAndMoves() {
    assertThat(
            sumBefore(
                y ->
                    tf.reshape(
                        tf.math.minimum(tf.nn.relu(y), tf.constant(2f)), tf.array(-1, 2, 1))))
        .isEmpty();
  }

  /** They are computed on the accumulator, so that the sum has fewer numbers. */
  @Test
  void clampsBeforeTheFunction() {
    assertThat(sumBefore(y -> tf.math.sqrt(tf.withName("clamped").nn.relu(y))))
        .isEqualTo("clamped:0");
  }

  @Test
  void aConstantForEachChannel() {
    assertThat(sumBefore(y -> tf.math.maximum(y, tf.math.mul(y, tf.array(0.1f, 0.2f))))).isEmpty();
  }

  @Test
  void aSumOfTwoTensors() {
    assertThat(
            sumBefore(
                y ->
                    tf.math.tanh(
                        tf.withName("both").math.add(y, tf.math.cumsum(y, tf.constant(1))))))
        .isEqualTo("both:0");
  }

  @Test
  void aTensorThatHasCodes() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    GraphQuantizer.layer(
        quantizer,
        QuantizedLayer.of("tanh", INT8, INT8),
        () -> tf.math.tanh(quantizer.input(new QuantizedInput("x", INT8), x)));
    assertThat(sumOf(quantizer.plan())).isEmpty();
  }

  /** An image that is scaled before anything is quantized is no accumulator. */
  @Test
  void aTensorOfNoLayer() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    GraphQuantizer.layer(
        quantizer,
        QuantizedLayer.of("scaled", INT8, INT8),
        () -> tf.math.div(x, tf.constant(255f)));
    assertThat(sumOf(quantizer.plan())).isEmpty();
  }

  @Test
  void theLargestElementOfOtherPlaces() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    build(
        quantizer,
        QuantizedLayer.of("dense", INT8, INT8),
        sums -> tf.math.mul(sums, tf.reduceMax(sums, tf.array(0))));
    assertThat(sumOf(quantizer.plan())).isEmpty();
  }

  @Test
  void noFormat() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    assertThat(
            assertThrows(
                IllegalStateException.class,
                () -> build(quantizer, QuantizedLayer.of("dense", INT8, INT8), tf.math::tanh)))
        .hasMessageThat()
        .isEqualTo(
            "dense/SlimQuant/sum must be in the plan, because its annotation gives no sumFrac, but"
                + " the plan has no sites; calibrate again: build the model with"
                + " CalibratingQuantizer.of and make a plan with Calibrator");
  }

  @Test
  void calibrated() {
    FormatRequest request = Calibrated.of(8);
    QuantizedLayer layer = QuantizedLayer.of("dense", Calibrated.signed(8), request);
    QuantizationPlan plan = calibrate(layer);
    List<String> formats =
        plan.sites().stream()
            .filter(site -> site.kind() == Kind.SUM || site.kind() == Kind.OUTPUT)
            .map(site -> site.name() + (site.format().signed() ? " signed" : " unsigned"))
            .toList();
    assertThat(formats)
        .containsExactly("dense/SlimQuant/sum signed", "dense/SlimQuant/output unsigned");
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
    build(quantizer, layer, tf.math::softplus);
    assertThat(sumOf(quantizer.plan())).isEqualTo("biased:0");
  }

  private static QuantizationPlan calibrate(QuantizedLayer layer) {
    ActivationFinderTest floats = new ActivationFinderTest();
    CalibratingQuantizer quantizer = CalibratingQuantizer.of(floats.graph);
    floats.build(quantizer, layer, floats.tf.math::softplus);
    try (Session session = new Session(floats.graph);
        TFloat32 batch =
            TFloat32.tensorOf(StdArrays.ndCopyOf(new float[][] {{1, 2, 3}, {-3, -2, 1}}))) {
      Calibrator calibrator = quantizer.calibrator(session);
      calibrator.add(runner -> runner.feed(floats.x, batch));
      return calibrator.plan();
    } finally {
      floats.close();
    }
  }
}
