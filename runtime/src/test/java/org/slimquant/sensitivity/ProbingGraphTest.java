package org.slimquant.sensitivity;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.fakequant.BiasFakeQuant;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.fakequant.PerChannelFakeQuant;
import org.slimquant.runtime.fakequant.PerTensorFakeQuant;
import org.slimquant.runtime.fakequant.ProbePlacement;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.runtime.testing.TwoLayerModel;
import org.slimquant.runtime.testing.TwoLayerModel.Requests;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The graph in which one site at a time is quantized. */
final class ProbingGraphTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutAProbeItComputesWhatTheFloatModelComputesBitForBit(boolean perChannel) {
    Requests requests = requests(perChannel);
    try (TwoLayerModel<ProbingQuantizer> probing = TwoLayerModel.probing(requests, plan(requests));
        TwoLayerModel<CalibratingQuantizer> floats = TwoLayerModel.calibrating(requests);
        TFloat32 batch = TwoLayerModel.batch(3, 1)) {
      String logits = Operands.name(probing.logits.asOutput());

      assertThat(logits).isEqualTo("dense/SlimQuant/output:0");
      assertThat(probing.fetch(logits, batch))
          .usingExactEquality()
          .containsExactly(floats.fetch(Operands.name(floats.logits.asOutput()), batch))
          .inOrder();
    }
  }

  /**
   * Builds the quantized graph by hand: the readers of one tensor of the float graph read its fake
   * quant.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProbeComputesWhatAGraphWithThisOneFakeQuantComputesBitForBit(boolean perChannel) {
    Requests requests = requests(perChannel);
    QuantizationPlan plan = plan(requests);
    try (TwoLayerModel<ProbingQuantizer> probing = TwoLayerModel.probing(requests, plan);
        TFloat32 batch = TwoLayerModel.batch(3, 1)) {
      List<Site> sites = probing.quantizer.plan().sites();
      assertThat(sites).hasSize(8);
      for (int number = 0; number < sites.size(); number++) {
        Site site = sites.get(number);
        for (int shift : site.format() instanceof BiasFormat ? List.of(0) : List.of(-1, 0, 1)) {
          try (TwoLayerModel<CalibratingQuantizer> byHand = TwoLayerModel.calibrating(requests)) {
            Output<?> tensor = byHand.graph.outputOrThrow(site.tensor());
            List<Edge> readers =
                NativeGraph.readers(tensor).stream()
                    .filter(edge -> !edge.reader().name().contains("/SlimQuant/"))
                    .toList();
            Output<TFloat32> rounded = fakeQuant(byHand.graph, tensor, site.format(), shift);
            readers.forEach(edge -> NativeGraph.reroute(edge, rounded));
            boolean last = tensor.equals(byHand.logits.asOutput());
            assertThat(readers.isEmpty()).isEqualTo(last);

            assertWithMessage("%s, shift %s", site, shift)
                .that(probe(probing, number, shift, batch))
                .usingExactEquality()
                .containsExactly(
                    byHand.fetch(last ? "one" : Operands.name(byHand.logits.asOutput()), batch))
                .inOrder();
          }
        }
      }
    }
  }

  private static Output<TFloat32> fakeQuant(Graph graph, Output<?> x, Format format, int shift) {
    if (format instanceof PerChannel perChannel) {
      return PerChannelFakeQuant.add(
          graph.baseScope(),
          "one",
          x,
          new PerChannel(
              perChannel.bits(), perChannel.fracs().stream().map(frac -> frac + shift).toList()),
          x.shape().get(0) == 3 && x.shape().get(2) == 8
              ? Shape.of(1, 1, 8, 2)
              : Shape.of(x.shape().get(x.shape().numDimensions() - 1)),
          GradientForm.REGISTERED);
    }
    if (format instanceof BiasFormat bias) {
      return BiasFakeQuant.add(graph.baseScope(), "one", x, bias);
    }
    FixedPoint fixed = (FixedPoint) format;
    return PerTensorFakeQuant.add(
        graph.baseScope(),
        "one",
        x,
        new FixedPoint(fixed.bits(), fixed.frac() + shift, fixed.signed()),
        GradientForm.REGISTERED);
  }

  private static float[] probe(
      TwoLayerModel<ProbingQuantizer> net, int number, int shift, TFloat32 batch) {
    ProbePlacement probes = net.quantizer.probes();
    try (TInt32 site = TInt32.scalarOf(number);
        TFloat32 factor = TFloat32.scalarOf(Math.scalb(1f, shift));
        var result =
            net.session
                .runner()
                .feed(net.images, batch)
                .feed(probes.site(), site)
                .feed(probes.factor(), factor)
                .fetch(net.logits)
                .run()) {
      return Tensors.elements((TFloat32) result.get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thePlanIsThatOfTheQuantizedGraph(boolean perChannel) {
    Requests requests = requests(perChannel);
    QuantizationPlan plan = plan(requests);
    try (TwoLayerModel<ProbingQuantizer> probing = TwoLayerModel.probing(requests, plan);
        TwoLayerModel<GraphQuantizer> quantized = TwoLayerModel.fakeQuant(requests, plan)) {
      assertThat(probing.quantizer.plan()).isEqualTo(quantized.quantizer.plan());
      assertThat(probing.quantizer.verify()).isEmpty();
    }
  }

  /**
   * A tensor that is computed from weights alone stays a weight, although the number of a site is
   * fed.
   */
  @Test
  void aKernelThatIsAnAnnotatedParameter() {
    List<QuantizationPlan> plans = new ArrayList<>();
    for (boolean probing : new boolean[] {false, true}) {
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        GraphQuantizer quantizer =
            probing
                ? ProbingQuantizer.of(graph, QuantizationPlan.EMPTY)
                : GraphQuantizer.fakeQuant(graph);
        FixedPoint format = FixedPoint.signed(8, -3);
        Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
        Constant<TFloat32> w = tf.withName("w").constant(new float[][] {{3}, {4}});
        layer(
            quantizer,
            QuantizedLayer.withKernel("dense", format, format),
            () ->
                tf.linalg.matMul(
                    quantizer.input(x), quantizer.input(new QuantizedInput("w", format), w)));
        plans.add(quantizer.plan());
      }
    }

    assertThat(plans.get(1)).isEqualTo(plans.get(0));
    assertThat(plans.get(1).remarks())
        .containsExactly(new Remark("dense/SlimQuant/kernel", "is dense/SlimQuant/w"));
  }

  @Test
  void theGraph() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
      Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
      Operand<TFloat32> y =
          layer(
              quantizer,
              QuantizedLayer.of("relu", FixedPoint.signed(8, -3), FixedPoint.unsigned(8, -3)),
              () -> tf.nn.relu(x));
      tf.nn.softmax(y);

      assertThat(Tensors.lines(graph))
          .containsExactly(
              "Const SlimQuant/probe/site/none <- []",
              "PlaceholderWithDefault SlimQuant/probe/site <- [SlimQuant/probe/site/none]",
              "Const SlimQuant/probe/factor/one <- []",
              "PlaceholderWithDefault SlimQuant/probe/factor <- [SlimQuant/probe/factor/one]",
              "Placeholder x <- []",
              "Relu Relu <- [x]",
              "Const SlimQuant/uint8_frac-3/min <- []",
              "Mul SlimQuant/probe/uint8_frac-3/min <- [SlimQuant/uint8_frac-3/min,"
                  + " SlimQuant/probe/factor]",
              "Const SlimQuant/uint8_frac-3/max <- []",
              "Mul SlimQuant/probe/uint8_frac-3/max <- [SlimQuant/uint8_frac-3/max,"
                  + " SlimQuant/probe/factor]",
              "FakeQuantWithMinMaxVars relu/SlimQuant/output/rounded <- [Relu,"
                  + " SlimQuant/probe/uint8_frac-3/min, SlimQuant/probe/uint8_frac-3/max]",
              "StopGradient relu/SlimQuant/output/stop <- [relu/SlimQuant/output/rounded]",
              "Const relu/SlimQuant/output/number <- []",
              "Equal relu/SlimQuant/output/chosen <- [SlimQuant/probe/site,"
                  + " relu/SlimQuant/output/number]",
              "Select relu/SlimQuant/output <- [relu/SlimQuant/output/chosen,"
                  + " relu/SlimQuant/output/stop, Relu]",
              "Softmax Softmax <- [relu/SlimQuant/output]")
          .inOrder();
    }
  }

  @Test
  void itsGradientIsThatOfTheFloatModel() {
    Requests requests = requests(true);
    try (TwoLayerModel<ProbingQuantizer> probing = TwoLayerModel.probing(requests, plan(requests));
        TwoLayerModel<CalibratingQuantizer> floats = TwoLayerModel.calibrating(requests);
        TFloat32 batch = TwoLayerModel.batch(2, 1)) {
      assertThat(gradient(probing, batch))
          .usingExactEquality()
          .containsExactly(gradient(floats, batch))
          .inOrder();
    }
  }

  private static float[] gradient(TwoLayerModel<?> net, TFloat32 batch) {
    Output<?>[] gradients =
        net.graph.addGradients(net.logits.asOutput(), new Output<?>[] {net.images.asOutput()});
    return net.fetch(Operands.name(gradients[0]), batch);
  }

  @Test
  void aGraphThatIsProbedAlready() {
    try (Graph graph = new Graph()) {
      ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);

      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> ProbingQuantizer.of(graph, QuantizationPlan.EMPTY));

      assertThat(thrown)
          .hasMessageThat()
          .isEqualTo(
              "a graph must have one quantizer that probes, but has one already; share it, or build"
                  + " the model in a graph of its own");
    }
  }

  private static Requests requests(boolean perChannel) {
    return perChannel ? Requests.PER_CHANNEL : Requests.CALIBRATED;
  }

  private static QuantizationPlan plan(Requests requests) {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(requests);
        TFloat32 batch = TwoLayerModel.batch(3, 0)) {
      Calibrator calibrator = net.quantizer.calibrator(net.session);
      calibrator.add(runner -> runner.feed(net.images, batch));
      return calibrator.plan();
    }
  }
}
