package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The sign that calibration chooses, where an annotation does not give it. */
final class CalibratedSignTest {

  private static final CompiledPlan COMPILED = new CompiledPlan("Model.plan.txtpb", "6f");
  private static final Calibrated ANY = Calibrated.of(8);

  static Stream<CalibrationMethod> methods() {
    return Stream.of(
        CalibrationMethod.MIN_MSE, CalibrationMethod.MAX, CalibrationMethod.PERCENTILE);
  }

  /** One bit more for the numbers that there are. */
  @ParameterizedTest
  @MethodSource("methods")
  void noNegativeElement(CalibrationMethod method) {
    assertThat(format(method, ANY, 0, 0.3f, 0.99f)).isEqualTo(FixedPoint.unsigned(8, -8));
    assertThat(format(method, Calibrated.signed(8), 0, 0.3f, 0.99f))
        .isEqualTo(FixedPoint.signed(8, -7));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aNegativeElement(CalibrationMethod method) {
    assertThat(format(method, ANY, 0, 0.3f, 0.99f, -0.01f)).isEqualTo(FixedPoint.signed(8, -7));
    assertThat(format(method, Calibrated.unsigned(8), 0, 0.3f, 0.99f, -0.01f))
        .isEqualTo(FixedPoint.unsigned(8, -8));
    assertThat(format(method, ANY, -0.99f)).isEqualTo(FixedPoint.signed(8, -7));
  }

  /** Their layer may be one that starts from weights of 0. */
  @ParameterizedTest
  @MethodSource("methods")
  void zeros(CalibrationMethod method) {
    assertThat(format(method, ANY, 0, 0)).isEqualTo(FixedPoint.signed(8, -7));
    assertThat(format(method, ANY, -0f)).isEqualTo(FixedPoint.signed(8, -7));
  }

  /** TensorFlow computes with subnormal numbers as 0. */
  @Test
  void subnormalNumbers() {
    assertThat(format(CalibrationMethod.MAX, ANY, -Float.MIN_VALUE, 0.99f))
        .isEqualTo(FixedPoint.unsigned(8, -8));
  }

  @Test
  void aBatchOfAnotherProcess(@TempDir Path folder) throws IOException {
    CalibrationStatistics first = statistics(ANY, 0.5f, 0.99f);
    statistics(ANY, -0.25f).write(folder.resolve("statistics"));

    CalibrationStatistics both =
        CalibrationStatistics.merge(
            first, CalibrationStatistics.read(folder.resolve("statistics")));

    assertThat(first.plan(CalibrationMethod.MAX).sites().get(0).format())
        .isEqualTo(FixedPoint.unsigned(8, -8));
    assertThat(both.plan(CalibrationMethod.MAX).sites().get(0).format())
        .isEqualTo(FixedPoint.signed(8, -7));
  }

  /** One layer returns the tensor, another one takes it: the plan suits both. */
  @Test
  void aTensorOfTwoLayers() {
    FixedPoint unsigned = FixedPoint.unsigned(8, -6);
    FixedPoint signed = FixedPoint.signed(8, -5);

    assertThat(shared(ANY, ANY)).isEqualTo(unsigned);
    assertThat(shared(ANY, Calibrated.signed(8))).isEqualTo(signed);
    assertThat(shared(Calibrated.signed(8), ANY)).isEqualTo(signed);
    assertThat(shared(ANY, FixedPoint.signed(8, -3))).isEqualTo(FixedPoint.signed(8, -3));
    assertThat(shared(FixedPoint.unsigned(8, -3), ANY)).isEqualTo(FixedPoint.unsigned(8, -3));
  }

  @Test
  void twoSigns() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> shared(Calibrated.unsigned(8), Calibrated.signed(8)));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but Relu:0 is calibrated uint8 in a/SlimQuant/output and"
                + " calibrated int8 in b/SlimQuant/y; give both the same");
    thrown =
        assertThrows(
            IllegalArgumentException.class, () -> shared(Calibrated.of(4), Calibrated.of(8)));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but Relu:0 is calibrated int4 or uint4 in"
                + " a/SlimQuant/output and calibrated int8 or uint8 in b/SlimQuant/y; give both the"
                + " same");
  }

  /** A sign that was found, other than a given one, is found anew. */
  @Test
  void aSignThatWasCompiled() {
    assertThat(shared(COMPILED.foundSigned(8, -3), COMPILED.foundSigned(8, -3)))
        .isEqualTo(FixedPoint.unsigned(8, -6));
    assertThat(shared(COMPILED.signed(8, -3), COMPILED.signed(8, -3)))
        .isEqualTo(FixedPoint.signed(8, -5));
  }

  /** Calibrates a ReLU of 1 and 2, and returns its format. */
  private static Format shared(FormatRequest output, FormatRequest input) {
    QuantizationPlan plan;
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Placeholder<TFloat32> x = chain(graph, quantizer, output, input);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(2), 1, 2)) {
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed(x, batch));
        plan = calibrator.statistics().plan(CalibrationMethod.MAX);
      }
    }
    Format format = plan.sites().get(0).format();
    if (output instanceof Calibrated && input instanceof Calibrated) {
      try (Graph graph = new Graph()) {
        GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
        chain(graph, quantizer, output, input);
        assertThat(quantizer.plan().sites().stream().map(Site::format).toList())
            .isEqualTo(plan.sites().stream().map(Site::format).toList());
      }
    }
    return format;
  }

  private static Placeholder<TFloat32> chain(
      Graph graph, GraphQuantizer quantizer, FormatRequest output, FormatRequest input) {
    Ops tf = Ops.create(graph);
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
    Operand<TFloat32> y =
        layer(quantizer, QuantizedLayer.of("a", Calibrated.signed(8), output), () -> tf.nn.relu(x));
    layer(
        quantizer,
        QuantizedLayer.of("b", Calibrated.signed(8), ANY),
        () -> tf.math.neg(quantizer.input(new QuantizedInput("y", input), y)));
    return x;
  }

  private static Format format(CalibrationMethod method, FormatRequest request, float... elements) {
    return statistics(request, elements).plan(method).sites().get(0).format();
  }

  private static CalibrationStatistics statistics(FormatRequest request, float... elements) {
    return CalibrationStatistics.of(
        List.of(
            new SiteStatistics(
                "layer/SlimQuant/output",
                Kind.OUTPUT,
                "y:0",
                request,
                List.of(Histogram.of(elements)))),
        1);
  }
}
