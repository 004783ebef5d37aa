package org.slimquant.runtime.site;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.UnquantizedRead;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.testing.GraphWithBiases;
import org.slimquant.runtime.testing.QuantizerOfForm;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The graph before and after its biases are quantized. */
final class BiasesTest extends GraphWithBiases {

  @Test
  void twoLayersShareABiasAndItsGrid() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    twoLayers(bias, KERNEL);

    assertThat(biasSites()).containsExactly("dense/SlimQuant/bias");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void twoLayersShareABiasAndHaveTheirOwnGrids() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    twoLayers(bias, FixedPoint.signed(8, -4));

    assertThat(biasSites())
        .containsExactly("dense/SlimQuant/bias", "dense_1/SlimQuant/bias")
        .inOrder();
    assertThat(biasFormats())
        .containsExactly(new BiasFormat(List.of(-15)), new BiasFormat(List.of(-11)))
        .inOrder();
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "BiasAdd sum <- [product, dense/SlimQuant/bias]",
            "BiasAdd sum_1 <- [product_1, dense_1/SlimQuant/bias]");
    assertThat(quantizer.verify()).isEmpty();
  }

  private void twoLayers(Operand<TFloat32> bias, FixedPoint secondKernel) {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    build(DENSE, KERNEL, x, variable("kernel1", Shape.of(4, 5)), bias);
    build(DENSE, secondKernel, x, variable("kernel2", Shape.of(4, 5)), bias);
  }

  @Test
  void twoBiasesOfOneLayer() {
    Operand<TFloat32> second = variable("second", Shape.of(5));
    build(
        (tf, x, k, b) -> tf.math.add(DENSE.build(tf, x, k, b), second),
        KERNEL,
        x(Shape.of(3, 4)),
        variable("kernel", Shape.of(4, 5)),
        variable("bias", Shape.of(5)));

    assertThat(biasSites()).containsExactly("dense/SlimQuant/bias", "dense/SlimQuant/bias_1");
  }

  @Test
  void onlyTheEdgeOfTheSumIsRerouted() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    tf.withName("penalty").nn.l2Loss(bias);
    build(DENSE, KERNEL, x(Shape.of(3, 4)), variable("kernel", Shape.of(4, 5)), bias);

    assertThat(Tensors.lines(graph)).contains("L2Loss penalty <- [bias]");
    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense/SlimQuant/bias", "bias:0", "penalty", 0));
  }

  @Test
  void aDroppedFakeQuantIsNamed() {
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    build(DENSE, KERNEL, x(Shape.of(3, 4)), variable("kernel", Shape.of(4, 5)), bias);
    Edge sum = NativeGraph.readers(graph.outputOrThrow("dense/SlimQuant/bias:0")).get(0);

    NativeGraph.reroute(sum, bias.asOutput());

    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense/SlimQuant/bias", "bias:0", "sum", 1));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "backward")
  void theBackwardPassReadsKernelAndBiasRightly(@Nullable String prefix) {
    Variable<TFloat32> kernel = variable("kernel", Shape.of(4, 2));
    Variable<TFloat32> bias = variable("bias", Shape.of(2));
    Operand<TFloat32> y = build(DENSE, PerChannel.of(8, -7, -8), x(Shape.of(3, 4)), kernel, bias);
    graph.addGradients(
        prefix,
        new Output<?>[] {tf.nn.l2Loss(y).asOutput()},
        new Output<?>[] {kernel.asOutput(), bias.asOutput()},
        null);

    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aLayerAroundThatChangesTheInputAfterwardsIsReported() {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    layer(
        quantizer,
        QuantizedLayer.of("block", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> y = tf.nn.relu(quantizer.input(new QuantizedInput("x", INPUT), x));
          layer(
              quantizer,
              QuantizedLayer.of("inner", KERNEL, OUTPUT),
              () -> DENSE.build(tf, quantizer.input(y), kernel, bias));
          return y;
        });

    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark(
                "inner/SlimQuant/bias",
                "the layer's input had steps of 2^-7 when the layer was built, and now has steps"
                    + " of 2^-5"));
  }

  @Test
  void anErrorLeavesTheBiasAsItIs() {
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));

    assertThrows(
        IllegalArgumentException.class,
        () ->
            layer(
                quantizer,
                QuantizedLayer.of("dense", KERNEL, PerChannel.of(8, -5)),
                () ->
                    DENSE.build(
                        tf, quantizer.input(new QuantizedInput("x", INPUT), x), kernel, bias)));

    assertThat(Tensors.lines(graph)).contains("BiasAdd sum <- [product, bias]");
    assertThat(quantizer.plan().sites().stream().map(Site::name))
        .containsExactly("dense/SlimQuant/x");
    assertThat(quantizer.plan().remarks()).isEmpty();
  }

  @Test
  void codesBeyond24And32BitsAreReported() {
    Variable<TFloat32> bias = variable("bias", Shape.of(3));
    build(DENSE, KERNEL, x(Shape.of(3, 4)), variable("kernel", Shape.of(4, 3)), bias);
    try (Session session = new Session(graph)) {
      session
          .runner()
          .addTarget(tf.assign(bias, tf.constant(new float[] {512, -512, 0})).op())
          .run();
      assertThat(quantizer.checkBiases(session)).isEmpty();

      session
          .runner()
          .addTarget(tf.assign(bias, tf.constant(new float[] {513, 512, -1e9f})).op())
          .run();
      assertThat(quantizer.checkBiases(session))
          .containsExactly(
              new Remark(
                  "dense/SlimQuant/bias",
                  "1 of 3 values are beyond 32 bits in steps of 2^-15: -1.0E9 in channel 2 becomes"
                      + " -65535.996; calibrate again, or let kernelFrac be larger by 15"));

      session
          .runner()
          .addTarget(tf.assign(bias, tf.constant(new float[] {513, 512, -65535})).op())
          .run();
      assertThat(quantizer.checkBiases(session))
          .containsExactly(
              new Remark(
                  "dense/SlimQuant/bias",
                  "2 of 3 codes are beyond 24 bits: float32 does not add them exactly"));
    }
  }

  @Test
  void aGraphWithoutBiasesHasNothingToInspect() {
    try (Session session = new Session(graph)) {
      assertThat(quantizer.checkBiases(session)).isEmpty();
    }
  }

  @Test
  void theFormThatStopsGradients() {
    GraphQuantizer stopping =
        new QuantizerOfForm(graph, GradientForm.COMPOSED, QuantizationPlan.EMPTY);
    Operand<TFloat32> x = x(Shape.of(3, 4));
    Operand<TFloat32> kernel = variable("kernel", Shape.of(4, 5));
    Operand<TFloat32> bias = variable("bias", Shape.of(5));
    layer(
        stopping,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> DENSE.build(tf, stopping.input(new QuantizedInput("x", INPUT), x), kernel, bias));

    assertThat(stopping.plan().sites().get(2))
        .isEqualTo(
            new Site(
                "dense/SlimQuant/bias",
                Kind.BIAS,
                "bias:0",
                new BiasFormat(List.of(-15)),
                new Source.Derived(),
                Optional.empty()));
  }
}
