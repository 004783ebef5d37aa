package org.slimquant.runtime.normalization;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.normalization.NormalizedLayer.CHANNELS;
import static org.slimquant.runtime.normalization.NormalizedLayer.IMAGES;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.BatchNorm;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.normalization.NormalizedLayer.Body;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/** Batch normalizations that train, before and after their statistics are frozen. */
final class TrainingFoldingTest {

  private static final List<String> TRAINED = List.of("kernel", "gamma", "beta");

  /** Returns a layer with moving statistics and their updates, in a form. */
  private static Body layer(boolean training, boolean bias) {
    return (layer, x) -> {
      Ops tf = layer.tf;
      Operand<TFloat32> sums = Normalization.conv(layer, x);
      if (bias) {
        sums = tf.nn.biasAdd(sums, layer.variable("bias", 0, 1, CHANNELS));
      }
      Operand<TFloat32> gamma = Normalization.gamma(layer);
      Operand<TFloat32> beta = Normalization.beta(layer);
      Operand<TFloat32> mean = Normalization.mean(layer);
      Operand<TFloat32> variance = Normalization.variance(layer);
      Operand<TFloat32> none = tf.fill(tf.array(0), tf.constant(0f));
      FusedBatchNorm<TFloat32, TFloat32> norm =
          tf.nn.fusedBatchNorm(
              sums,
              gamma,
              beta,
              training ? none : mean,
              training ? none : variance,
              FusedBatchNorm.isTraining(training),
              FusedBatchNorm.epsilon(1e-3f));
      if (training) {
        update(tf, "new_mean", mean, norm.batchMean());
        update(tf, "new_variance", variance, norm.batchVariance());
      }
      return norm.y();
    };
  }

  private static void update(
      Ops tf, String name, Operand<TFloat32> moving, Operand<TFloat32> batch) {
    tf.withName(name).assignSub(moving, tf.math.mul(tf.math.sub(moving, batch), tf.constant(0.5f)));
  }

  private static NormalizedLayer observed(boolean bias) {
    Graph graph = new Graph();
    return NormalizedLayer.quantized(
        CalibratingQuantizer.of(graph),
        graph,
        Calibrated.signed(8),
        Calibrated.signed(8),
        IMAGES,
        layer(true, bias));
  }

  private static NormalizedLayer quantized(GraphQuantizer quantizer, Graph graph, Body body) {
    return NormalizedLayer.quantized(
        quantizer,
        graph,
        FixedPoint.signed(8, -6),
        FixedPoint.signed(8, -4),
        IMAGES,
        (layer, x) ->
            body.build(
                layer, quantizer.input(new QuantizedInput("x", FixedPoint.signed(8, -7)), x)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutRoundingItIsTheBatchNormalizationAsWritten(boolean bias) {
    try (NormalizedLayer floats = NormalizedLayer.floats(new Graph(), IMAGES, layer(true, bias));
        NormalizedLayer folded = observed(bias)) {
      List<Output<?>> expectedGradients = floats.gradients(TRAINED);
      List<Output<?>> gradients = folded.gradients(TRAINED);
      assertThat(folded.run(IMAGES, List.of(folded.output), false).get(0))
          .usingTolerance(1e-4)
          .containsExactly(floats.run(IMAGES, List.of(floats.output), false).get(0))
          .inOrder();
      List<float[]> expected = floats.run(IMAGES, expectedGradients, false);
      List<float[]> found = folded.run(IMAGES, gradients, false);
      for (int i = 0; i < TRAINED.size(); i++) {
        // Also where γ is 0 and the folded kernel with it.
        assertWithMessage(TRAINED.get(i))
            .that(found.get(i))
            .usingTolerance(2e-2)
            .containsExactly(expected.get(i))
            .inOrder();
      }
      assertUpdated(floats, folded, "mean");
      assertUpdated(floats, folded, "variance");
    }
  }

  private static void assertUpdated(
      NormalizedLayer floats, NormalizedLayer folded, String statistic) {
    List<float[]> expected =
        floats.run(
            IMAGES, List.of(floats.graph.outputOrThrow("new_%s:0".formatted(statistic))), false);
    List<float[]> found =
        folded.run(
            IMAGES, List.of(folded.graph.outputOrThrow("new_%s:0".formatted(statistic))), false);
    assertThat(found.get(0)).usingTolerance(1e-4).containsExactly(expected.get(0)).inOrder();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void frozenItComputesTheCodesOfInference(boolean bias) {
    Graph training = new Graph();
    Graph inference = new Graph();
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(training);
    try (NormalizedLayer trained = quantized(quantizer, training, layer(true, bias));
        NormalizedLayer shipped =
            quantized(GraphQuantizer.fakeQuant(inference), inference, layer(false, bias))) {
      List<Output<?>> expectedGradients = shipped.gradients(TRAINED);
      List<Output<?>> gradients = trained.gradients(TRAINED);

      assertThat(trained.run(IMAGES, List.of(trained.output), true).get(0))
          .isEqualTo(shipped.run(IMAGES, List.of(shipped.output), true).get(0));
      assertThat(trained.run(IMAGES, List.of(trained.output), false).get(0))
          .isNotEqualTo(shipped.run(IMAGES, List.of(shipped.output), false).get(0));
      List<float[]> expected = shipped.run(IMAGES, expectedGradients, true);
      List<float[]> found = trained.run(IMAGES, gradients, true);
      for (int i = 0; i < TRAINED.size(); i++) {
        assertWithMessage(TRAINED.get(i))
            .that(found.get(i))
            .usingTolerance(1e-3)
            .containsExactly(expected.get(i))
            .inOrder();
      }
      assertThat(quantizer.verify()).isEmpty();
      assertThat(quantizer.plan().sites().stream().map(Site::name))
          .containsExactly(
              "conv/SlimQuant/x",
              "conv/SlimQuant/kernel",
              "conv/SlimQuant/bias",
              "conv/SlimQuant/output")
          .inOrder();
    }
  }

  @Test
  void frozenStatisticsDoNotChange() {
    try (NormalizedLayer folded = observed(true)) {
      float[] mean = folded.run(IMAGES, List.of(folded.graph.outputOrThrow("mean:0")), true).get(0);
      Output<?> update = folded.graph.outputOrThrow("new_mean:0");

      assertThat(folded.run(IMAGES, List.of(update), true).get(0)).isEqualTo(mean);
      assertThat(folded.run(IMAGES, List.of(update), false).get(0)).isNotEqualTo(mean);
    }
  }

  @Test
  void gradientsThroughTheFoldedFormAreFiniteDifferences() {
    try (NormalizedLayer folded = observed(false)) {
      List<float[]> gradients =
          folded.run(IMAGES, folded.gradients(List.of("gamma", "beta")), true);
      for (int variable = 0; variable < 2; variable++) {
        String name = List.of("gamma", "beta").get(variable);
        for (int channel = 0; channel < CHANNELS; channel++) {
          double difference = loss(folded, name, channel, 1 / 64f);
          difference -= loss(folded, name, channel, -1 / 64f);
          double expected = difference * 32;
          assertWithMessage("%s %s", name, channel)
              .that((double) gradients.get(variable)[channel])
              .isWithin(0.1 * Math.max(1, Math.abs(expected)))
              .of(expected);
        }
      }
    }
  }

  /** Returns the sum of squares of the output if an element of a variable differs. */
  private static double loss(NormalizedLayer layer, String name, int channel, float change) {
    float[] changes = new float[CHANNELS];
    changes[channel] = change;
    try (TFloat32 fed = layer.changed(name, changes)) {
      double sum = 0;
      for (float y : layer.run(IMAGES, List.of(layer.output), true, Map.of(name, fed)).get(0)) {
        sum += (double) y * y;
      }
      return sum;
    }
  }

  @Test
  void theReadyMadeNormalizationUpdatesItsStatisticsInEachRun() {
    Graph graph = new Graph();
    try (NormalizedLayer layer =
        quantized(
            GraphQuantizer.fakeQuant(graph),
            graph,
            (built, x) ->
                new BatchNorm(built.tf, "norm", CHANNELS)
                    .apply(Normalization.conv(built, x), true))) {
      Output<?> mean = graph.outputOrThrow("norm_mean:0");
      assertThat(layer.run(IMAGES, List.of(mean), false).get(0)).isEqualTo(new float[CHANNELS]);
      layer.run(IMAGES, List.of(layer.output), true);
      assertThat(layer.run(IMAGES, List.of(mean), false).get(0)).isEqualTo(new float[CHANNELS]);

      layer.run(IMAGES, List.of(layer.output), false);

      assertThat(layer.run(IMAGES, List.of(mean), false).get(0)).isNotEqualTo(new float[CHANNELS]);
    }
  }

  @Test
  void movingStatisticsThatAreNotKnown() {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Body body =
          (layer, x) -> {
            Operand<TFloat32> none = layer.tf.fill(layer.tf.array(0), layer.tf.constant(0f));
            return layer
                .tf
                .nn
                .fusedBatchNorm(
                    Normalization.conv(layer, x),
                    Normalization.gamma(layer),
                    Normalization.beta(layer),
                    none,
                    none)
                .y();
          };

      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> quantized(quantizer, graph, body));

      assertThat(e)
          .hasMessageThat()
          .isEqualTo(
              "layer conv must know the moving mean of its batch normalization FusedBatchNorm"
                  + " (FusedBatchNormV3), but no op of the layer updates a variable with"
                  + " FusedBatchNorm:1; let the layer method add that op, or use"
                  + " org.slimquant.runtime.BatchNorm");
    }
  }

  @Test
  void aGraphThatHasNoNormalizationToFreeze() {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      assertThat(assertThrows(IllegalStateException.class, quantizer::freezeBatchNorms))
          .hasMessageThat()
          .contains("a layer must have a batch normalization that trains, but none has");
    }
  }
}
