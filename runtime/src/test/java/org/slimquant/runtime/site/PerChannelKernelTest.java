package org.slimquant.runtime.site;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/** A layer whose kernel has a format for each channel. */
final class PerChannelKernelTest {

  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  private static final PerChannel KERNEL = PerChannel.of(8, -7, -9);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(3, 2)));
  private final Variable<TFloat32> kernel =
      tf.withName("kernel").variable(Shape.of(2, 2), TFloat32.class);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @Test
  void theGraph() {
    dense(quantizer, "dense", KERNEL);

    assertThat(Tensors.lines(graph))
        .containsExactly(
            "Placeholder x <- []",
            "VariableV2 kernel <- []",
            "MatMul MatMul <- [x, dense/SlimQuant/kernel]",
            "Const dense/SlimQuant/kernel/inverse <- []",
            "Const dense/SlimQuant/kernel/step <- []",
            "Mul dense/SlimQuant/kernel/steps <- [kernel, dense/SlimQuant/kernel/inverse]",
            "Const SlimQuant/int8_frac0/min <- []",
            "Const SlimQuant/int8_frac0/max <- []",
            "FakeQuantWithMinMaxVars dense/SlimQuant/kernel/codes <- [dense/SlimQuant/kernel/steps,"
                + " SlimQuant/int8_frac0/min, SlimQuant/int8_frac0/max]",
            "Mul dense/SlimQuant/kernel <- [dense/SlimQuant/kernel/codes,"
                + " dense/SlimQuant/kernel/step]",
            "Const SlimQuant/int8_frac-5/min <- []",
            "Const SlimQuant/int8_frac-5/max <- []",
            "FakeQuantWithMinMaxVars dense/SlimQuant/output <- [MatMul,"
                + " SlimQuant/int8_frac-5/min, SlimQuant/int8_frac-5/max]")
        .inOrder();
    assertThat(quantizer.plan().toString())
        .isEqualTo(
            """
            site                    kind    tensor    format           range                source
            dense/SlimQuant/kernel  kernel  kernel:0  int8 * 2^-9..-7                       annotation
            dense/SlimQuant/output  output  MatMul:0  int8 * 2^-5      -3.96875 .. 3.96875  annotation""");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aFormatFromAPlan() {
    Site planned =
        new Site(
            "dense/SlimQuant/kernel",
            Kind.KERNEL,
            "kernel:0",
            KERNEL,
            new Source.Calibration("MIN_MSE", 4),
            Optional.empty());
    GraphQuantizer calibrated =
        GraphQuantizer.fakeQuant(graph, new QuantizationPlan(List.of(planned), List.of()));

    dense(calibrated, "dense", Calibrated.perChannel(8));

    assertThat(calibrated.plan().sites().get(0)).isEqualTo(planned);
  }

  @Test
  void aFormatForAnotherNumberOfChannels() {
    assertFails(
        () -> dense(quantizer, "dense", PerChannel.of(8, -7, -8, -9)),
        "dense/SlimQuant/kernel must have an exponent for each output channel, but has 3 for 2 channels of shape [2, 2]; calibrate the model again");
    assertThat(quantizer.plan().sites()).isEmpty();
  }

  @Test
  void aKernelThatTwoLayersShare() {
    dense(quantizer, "encode", KERNEL);
    dense(quantizer, "decode", KERNEL);

    assertThat(quantizer.plan().sites().stream().map(Site::name))
        .containsExactly(
            "encode/SlimQuant/kernel", "encode/SlimQuant/output", "decode/SlimQuant/output")
        .inOrder();
  }

  @Test
  void aKernelThatTwoLayersShareWithChannelsAlongOtherAxes() {
    dense(quantizer, "encode", KERNEL);

    assertFails(
        () ->
            layer(
                quantizer,
                QuantizedLayer.of("decode", KERNEL, OUTPUT),
                () -> tf.linalg.matMul(x, kernel, MatMul.transposeB(true))),
        "a kernel that layers share must have its channels along the same axes, but kernel:0 has"
            + " them along [1] in encode/SlimQuant/kernel and [0] in decode/SlimQuant/kernel; take perChannel = true away");
    assertThat(quantizer.plan().sites()).hasSize(2);
  }

  @Test
  void aKernelThatOneLayerWantsPerChannelAndOneDoesNot() {
    dense(quantizer, "encode", KERNEL);

    assertFails(
        () -> dense(quantizer, "decode", Calibrated.signed(8)),
        "a tensor must have one format, but kernel:0 is int8 * 2^-9..-7 in encode/SlimQuant/kernel"
            + " and calibrated int8 in decode/SlimQuant/kernel; give both the same");
    dense(quantizer, "calibrated", Calibrated.perChannel(8));
    assertThat(quantizer.plan().sites()).hasSize(3);
  }

  @Test
  void aKernelWithChannelsThatIsAnOutputToo() {
    dense(quantizer, "dense", KERNEL);

    assertFails(
        () -> layer(quantizer, QuantizedLayer.of("same", OUTPUT, KERNEL), () -> kernel),
        "same/SlimQuant/output must have one exponent, because only kernels have channels, but has"
            + " int8 * 2^-9..-7");
    assertThat(quantizer.plan().sites()).hasSize(2);
  }

  @Test
  void anOutputHasNoChannels() {
    assertFails(
        () -> layer(quantizer, QuantizedLayer.of("relu", OUTPUT, KERNEL), () -> tf.nn.relu(x)),
        "relu/SlimQuant/output must have one exponent, because only kernels have channels, but has"
            + " int8 * 2^-9..-7");
    assertThat(quantizer.plan().sites()).isEmpty();
  }

  @Test
  void aKernelIsNoBias() {
    Site planned =
        new Site(
            "dense/SlimQuant/kernel",
            Kind.KERNEL,
            "kernel:0",
            new BiasFormat(List.of(-14)),
            new Source.Hand(),
            Optional.empty());
    GraphQuantizer byHand =
        GraphQuantizer.fakeQuant(graph, new QuantizationPlan(List.of(planned), List.of()));

    assertFails(
        () -> dense(byHand, "dense", Calibrated.signed(8)),
        "dense/SlimQuant/kernel must be int8 with one exponent, as its annotation says, but is"
            + " int32 * 2^-14 in the plan; calibrate the model again");
  }

  private void dense(GraphQuantizer quantizer, String name, FormatRequest format) {
    layer(quantizer, QuantizedLayer.of(name, format, OUTPUT), () -> tf.linalg.matMul(x, kernel));
  }

  private static void assertFails(Executable executable, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, executable))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
