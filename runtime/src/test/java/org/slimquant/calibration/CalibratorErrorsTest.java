package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Models that cannot be calibrated, and the statistics after such an error. */
final class CalibratorErrorsTest {

  private static final Calibrated INT8 = Calibrated.signed(8);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
  private final Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
  private final Session session = new Session(graph);

  @AfterEach
  void closeGraph() {
    session.close();
    graph.close();
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
  void anElementThatIsNotFinite(float element, String name) {
    layer(quantizer, QuantizedLayer.of("same", INT8, INT8), () -> x);
    Calibrator calibrator = quantizer.calibrator(session);
    add(calibrator, 1, 2);
    CalibrationStatistics before = calibrator.statistics();

    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> add(calibrator, 5, element, 6, -7));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "same/SlimQuant/output must be finite to be calibrated, but x:0 has the element "
                + name
                + " in batch 2; the batches before it still count");
    assertThat(calibrator.statistics()).isSameInstanceAs(before);
    add(calibrator, 3, 4);
    assertThat(calibrator.statistics().batches()).isEqualTo(2);
    Histogram counted = calibrator.statistics().sites().get(0).channels().get(0);
    assertThat(counted.counts()).isEqualTo(Histogram.of(1, 2, 3, 4).counts());
    assertThat(counted.max()).isEqualTo(4);
  }

  @Test
  void aKernelThatIsNotFinite() {
    for (FormatRequest request : List.of(INT8, Calibrated.perChannel(8))) {
      layer(
          quantizer,
          QuantizedLayer.of("dense", request, INT8),
          () -> tf.linalg.matMul(x, tf.withName("w").constant(new float[][] {{1}, {Float.NaN}})));
    }
    Calibrator calibrator = quantizer.calibrator(session);

    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> add(calibrator, 1, 2));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "dense/SlimQuant/kernel must be finite to be calibrated, but w:0 has the element NaN in"
                + " batch 1; the batches before it still count");
  }

  @Test
  void noBatch() {
    layer(quantizer, QuantizedLayer.of("same", INT8, INT8), () -> x);

    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> quantizer.calibrator(session).plan());

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a plan must come from at least one batch, but none was observed; feed one to"
                + " Calibrator.add");
  }

  @Test
  void emptyBatchesOnly() {
    layer(quantizer, QuantizedLayer.of("same", INT8, INT8), () -> x);
    Calibrator calibrator = quantizer.calibrator(session);
    add(calibrator);

    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> calibrator.plan());

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "same/SlimQuant/output must have had elements to be calibrated, but x:0 had none in any"
                + " batch; feed batches that are not empty");
  }

  @Test
  void emptyBatchesOfAFixedFormat() {
    FixedPoint fixed = FixedPoint.signed(8, -7);
    layer(quantizer, QuantizedLayer.of("same", fixed, fixed), () -> x);
    Calibrator calibrator = quantizer.calibrator(session);
    add(calibrator);

    assertThat(calibrator.plan().sites().get(0).measure()).isEmpty();
  }

  @Test
  void aQuantizerThatObservesNothing() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> CalibratingQuantizer.of(graph).calibrator(session));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a calibrator must have sites to observe, but the quantizer has none; build the model"
                + " before the calibrator");
  }

  @Test
  void aSessionOfAnotherGraph() {
    layer(quantizer, QuantizedLayer.of("relu", INT8, INT8), () -> tf.nn.relu(x));
    try (Graph other = new Graph();
        Session far = new Session(other)) {
      assertThat(assertThrows(IllegalArgumentException.class, () -> quantizer.calibrator(far)))
          .hasMessageThat()
          .isEqualTo(
              "the session of a calibrator must be of the quantizer's graph, but is of another;"
                  + " make it with new Session(graph)");
      GraphQuantizer quantizes = GraphQuantizer.fakeQuant(graph);
      assertThat(assertThrows(IllegalArgumentException.class, () -> quantizes.checkBiases(far)))
          .hasMessageThat()
          .isEqualTo(
              "the session of a check of biases must be of the quantizer's graph, but is of another;"
                  + " make it with new Session(graph)");
    }
  }

  @Test
  void aCheckOfBiasesInAGraphThatCalibrates() {
    layer(quantizer, QuantizedLayer.of("relu", INT8, INT8), () -> tf.nn.relu(x));

    assertThat(assertThrows(IllegalArgumentException.class, () -> quantizer.checkBiases(session)))
        .hasMessageThat()
        .isEqualTo(
            "a check of biases must be of a quantizer that quantizes, but this one calibrates; build"
                + " the model with GraphQuantizer.fakeQuant and the plan in a graph of its own");
  }

  @Test
  void statisticsOfAnotherModel() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                CalibrationStatistics.merge(
                    statistics(site("a", Kind.OUTPUT, INT8)), statistics()));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "statistics must be of the same sites to be merged, but one has [a] and the other []");
  }

  @Test
  void statisticsOfOtherRequests() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                CalibrationStatistics.merge(
                    statistics(site("a", Kind.OUTPUT, INT8)),
                    statistics(site("a", Kind.OUTPUT, Calibrated.unsigned(4)))));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "statistics must be of the same sites to be merged, but a is OUTPUT of calibrated int8"
                + " in one and OUTPUT of calibrated uint4 in the other");
  }

  @Test
  void statisticsOfAnotherCheckpoint() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                CalibrationStatistics.merge(
                    statistics(site("a", Kind.KERNEL, INT8, 1)),
                    statistics(site("a", Kind.KERNEL, INT8, 2))));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a must be the same kernel in statistics that are merged, but its values differ;"
                + " calibrate all from one checkpoint");
  }

  private static SiteStatistics site(
      String name, Kind kind, FormatRequest request, float... elements) {
    return new SiteStatistics(name, kind, "x:0", request, List.of(Histogram.of(elements)));
  }

  private static CalibrationStatistics statistics(SiteStatistics... sites) {
    return new CalibrationStatistics(List.of(sites), List.of(), List.of(), 1);
  }

  private void add(Calibrator calibrator, float... elements) {
    Operand<TFloat32> fed = x;
    try (TFloat32 batch = Tensors.tensor(Shape.of(elements.length / 2, 2), elements)) {
      calibrator.add(runner -> runner.feed(fed, batch));
    }
  }
}
