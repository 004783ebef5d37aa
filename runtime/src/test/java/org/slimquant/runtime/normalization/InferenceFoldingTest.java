package org.slimquant.runtime.normalization;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.tensorflow.Graph;
import org.tensorflow.op.nn.FusedBatchNorm;

/** Batch normalizations by known statistics become part of the kernel and the bias. */
final class InferenceFoldingTest {

  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);

  private static NormalizedLayer observed(Normalization normalization) {
    Graph graph = new Graph();
    return NormalizedLayer.quantized(
        CalibratingQuantizer.of(graph),
        graph,
        Calibrated.signed(8),
        Calibrated.signed(8),
        normalization.shape,
        normalization.body);
  }

  private static NormalizedLayer floats(Normalization normalization) {
    return NormalizedLayer.floats(new Graph(), normalization.shape, normalization.body);
  }

  @ParameterizedTest
  @EnumSource
  void theFoldedLayerIsTheSameFunction(Normalization normalization) {
    try (NormalizedLayer floats = floats(normalization);
        NormalizedLayer folded = observed(normalization)) {
      float[] expected = floats.run(normalization.shape, List.of(floats.output), false).get(0);

      float[] found = folded.run(normalization.shape, List.of(folded.output), false).get(0);

      assertThat(found).usingTolerance(1e-4).containsExactly(expected).inOrder();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noOpOfTheNormalizationReadsTheSums(Normalization normalization) {
    try (NormalizedLayer folded = observed(normalization)) {
      GraphPath path = GraphPath.ofData(folded);

      assertThat(path.types()).containsNoneOf("FusedBatchNormV3", "Mul", "Sub", "RealDiv", "Div");
      assertThat(folded.typesBefore()).doesNotContain("FusedBatchNormV3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfTheLayerAsWritten(Normalization normalization) {
    try (NormalizedLayer floats = floats(normalization);
        NormalizedLayer folded = observed(normalization)) {
      List<String> trained =
          floats.variables.stream()
              .filter(name -> Set.of("kernel", "gamma", "beta", "bias").contains(name))
              .sorted()
              .toList();
      List<float[]> expected = floats.run(normalization.shape, floats.gradients(trained), false);

      List<float[]> found = folded.run(normalization.shape, folded.gradients(trained), false);

      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).usingTolerance(2e-2).containsExactly(expected.get(i)).inOrder();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void kernelAndBiasOfTheFoldedLayerAreQuantized(Normalization normalization) {
    Graph graph = new Graph();
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    try (NormalizedLayer quantized = onGrid(quantizer, graph, normalization, signed(-6))) {
      float[] kernel =
          quantized
              .run(
                  normalization.shape,
                  List.of(graph.outputOrThrow("conv/SlimQuant/kernel:0")),
                  false)
              .get(0);

      for (float weight : kernel) {
        assertThat(weight * 64 % 1).isWithin(0).of(0);
      }
      assertThat(quantizer.verify()).isEmpty();
      assertThat(quantizer.plan().remarks().stream().map(Object::toString).toList())
          .containsNoneIn(List.of("not folded"));
      List<String> sites = quantizer.plan().sites().stream().map(Site::name).toList();
      if (normalization != Normalization.VECTOR_OF_FOUR_AXES) {
        assertThat(sites).contains("conv/SlimQuant/bias");
      }
    }
  }

  @Test
  void eachChannelOfTheFoldedKernelHasItsStep() {
    Graph graph = new Graph();
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    PerChannel steps = PerChannel.of(8, -6, -5, -7, -8, -6, -4);
    try (NormalizedLayer quantized = onGrid(quantizer, graph, Normalization.FUSED, steps)) {
      float[] kernel =
          quantized
              .run(
                  NormalizedLayer.IMAGES,
                  List.of(graph.outputOrThrow("conv/SlimQuant/kernel:0")),
                  false)
              .get(0);

      for (int i = 0; i < kernel.length; i++) {
        int frac = steps.fracs().get(i % NormalizedLayer.CHANNELS);
        assertThat(Math.scalb(kernel[i], -frac) % 1).isWithin(0).of(0);
      }
    }
  }

  @Test
  void aNormalizationAfterTheActivationIsRemarked() {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      NormalizedLayer.quantized(
          quantizer,
          graph,
          signed(-6),
          OUTPUT,
          NormalizedLayer.IMAGES,
          (layer, x) ->
              layer
                  .tf
                  .nn
                  .fusedBatchNorm(
                      layer.tf.nn.relu(Normalization.conv(layer, x)),
                      Normalization.gamma(layer),
                      Normalization.beta(layer),
                      Normalization.mean(layer),
                      Normalization.variance(layer),
                      FusedBatchNorm.isTraining(false))
                  .y());

      assertThat(quantizer.plan().remarks().toString())
          .contains(
              "FusedBatchNorm (FusedBatchNormV3) is not folded, because it does not directly follow"
                  + " the layer's kernel op with channels last");
    }
  }

  private static FormatRequest signed(int frac) {
    return FixedPoint.signed(8, frac);
  }

  private static NormalizedLayer onGrid(
      GraphQuantizer quantizer, Graph graph, Normalization normalization, FormatRequest kernel) {
    return NormalizedLayer.quantized(
        quantizer,
        graph,
        kernel,
        OUTPUT,
        normalization.shape,
        (layer, x) ->
            normalization.body.build(
                layer, quantizer.input(new QuantizedInput("x", FixedPoint.signed(8, -7)), x)));
  }
}
