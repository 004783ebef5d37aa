package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.runtime.testing.TwoLayerModel;
import org.slimquant.runtime.testing.TwoLayerModel.Requests;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The graph that is built to be observed. */
final class CalibratingGraphTest {

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @Test
  void nothingIsReroutedAndTheOutputIsReturnedAsItIs() {
    Placeholder<TFloat32> x =
        tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
    Operand<TFloat32> kernel = tf.withName("kernel").variable(Shape.of(4, 4), TFloat32.class);

    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("dense", Calibrated.signed(8), Calibrated.signed(8)),
            () -> tf.nn.relu(tf.linalg.matMul(quantizer.input(x), kernel)));
    tf.nn.softmax(y);

    assertThat(y.op().name()).isEqualTo("Relu");
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "MatMul MatMul <- [x, kernel]",
            "Relu Relu <- [MatMul]",
            "Reshape dense/SlimQuant/kernel/elements <- [kernel, SlimQuant/observer/list]",
            "Reshape dense/SlimQuant/output/elements <- [Relu, SlimQuant/observer/list]",
            "Min dense/SlimQuant/output/min <- [dense/SlimQuant/output/elements,"
                + " SlimQuant/observer/axis]",
            "Softmax Softmax <- [Relu]")
        .inOrder();
    assertThat(quantizer.plan()).isEqualTo(QuantizationPlan.EMPTY);
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aBiasStaysAsItIs() {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.FIXED)) {
      assertThat(
              Tensors.lines(net.graph).stream().filter(line -> line.startsWith("BiasAdd")).toList())
          .containsExactly("BiasAdd BiasAdd <- [Conv2d, Const_2]");
      assertThat(net.quantizer.plan()).isEqualTo(QuantizationPlan.EMPTY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void whatItComputesIsWhatTheFloatModelComputesBitForBit(int batchSize) {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.PER_CHANNEL);
        TFloat32 batch = TwoLayerModel.batch(batchSize, 1)) {
      float[] alone = net.fetch(Operands.name(net.logits.asOutput()), batch);
      Session.Runner runner = net.session.runner().feed(net.images, batch).fetch(net.logits);
      net.quantizer.observed().forEach(site -> site.fetches().forEach(runner::fetch));
      try (var result = runner.run()) {
        float[] observed = Tensors.elements((TFloat32) result.get(0));

        assertThat(observed).hasLength(5 * batchSize);
        assertThat(observed).usingExactEquality().containsExactly(alone).inOrder();
      }
    }
  }

  /** The format of a bias follows from others, so that it is not observed. */
  @Test
  void sitesHaveTheNamesAndTheOrderOfFakeQuants() {
    try (TwoLayerModel<CalibratingQuantizer> observed = TwoLayerModel.calibrating(Requests.FIXED);
        TwoLayerModel<GraphQuantizer> quantized =
            TwoLayerModel.fakeQuant(Requests.FIXED, QuantizationPlan.EMPTY)) {
      List<String> names =
          quantized.quantizer.plan().sites().stream()
              .filter(site -> site.kind() != Kind.BIAS)
              .map(Site::name)
              .toList();

      assertThat(names).hasSize(7);
      assertThat(observed.quantizer.observed().stream().map(ObservedSite::name).toList())
          .containsExactlyElementsIn(names)
          .inOrder();
    }
  }

  @Test
  void aNameThatTheGraphHasGetsANumberInBothGraphs() {
    for (boolean calibrating : new boolean[] {true, false}) {
      try (Graph other = new Graph()) {
        Ops ops = Ops.create(other);
        ops.withSubScope("relu").withSubScope("SlimQuant").withName("output").constant(1f);
        GraphQuantizer two =
            calibrating ? CalibratingQuantizer.of(other) : GraphQuantizer.fakeQuant(other);
        Placeholder<TFloat32> x = ops.placeholder(TFloat32.class);
        FixedPoint format = FixedPoint.signed(8, 0);
        for (int i = 0; i < 2; i++) {
          layer(two, QuantizedLayer.of("relu", format, format), () -> ops.nn.relu(x));
        }

        assertThat(
                two instanceof CalibratingQuantizer observes
                    ? observes.observed().stream().map(ObservedSite::name).toList()
                    : two.plan().sites().stream().map(Site::name).toList())
            .containsExactly("relu/SlimQuant/output_1", "relu_1/SlimQuant/output")
            .inOrder();
      }
    }
  }

  @Test
  void aTensorOfTwoLayersHasOneSite() {
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
    FixedPoint fixed = FixedPoint.signed(8, -3);
    Operand<TFloat32> y = relu("a", x, Calibrated.signed(8));
    layer(
        quantizer,
        QuantizedLayer.of("b", fixed, fixed),
        () -> tf.nn.relu(quantizer.input(new QuantizedInput("y", fixed), y)));

    // The fixed format is that of both, or b could not be quantized with the plan.
    assertThat(quantizer.observed().stream().map(ObservedSite::request).toList())
        .containsExactly(fixed, fixed);
  }

  @Test
  void aTensorThatIsWantedInTwoFormats() {
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
    Operand<TFloat32> y = relu("a", x, Calibrated.unsigned(8));

    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                layer(
                    quantizer,
                    QuantizedLayer.of("b", Calibrated.signed(8), Calibrated.signed(8)),
                    () -> quantizer.input(new QuantizedInput("y", Calibrated.signed(4)), y)));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but Relu:0 is calibrated uint8 in a/SlimQuant/output"
                + " and calibrated int4 in b/SlimQuant/y; give both the same");
  }

  @Test
  void largeFeatureMapsAreCountedAtEveryEleventhPlace() {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.CALIBRATED)) {
      assertThat(
              Tensors.lines(net.graph).stream()
                  .filter(line -> line.startsWith("GatherV2"))
                  .toList())
          .containsExactly(
              "GatherV2 conv1/SlimQuant/output/places <- [conv1/SlimQuant/output/examples,"
                  + " SlimQuant/observer/places_576, SlimQuant/observer/places_axis]");
      assertThat(Observer.countedPlaces(11)).isEqualTo(new int[] {0});
      assertThat(Observer.countedPlaces(24)).isEqualTo(new int[] {0, 11, 22});
    }
  }

  private Operand<TFloat32> relu(String layer, Operand<TFloat32> x, FormatRequest output) {
    return layer(
        quantizer, QuantizedLayer.of(layer, Calibrated.signed(8), output), () -> tf.nn.relu(x));
  }
}
