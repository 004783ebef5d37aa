package org.slimquant.demo.models;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.measures.PlanMeasure;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Trainer;
import org.slimquant.demo.training.Training;
import org.slimquant.examples.models.Perceptron;
import org.slimquant.examples.models.QuantizedPerceptron;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity;
import org.slimquant.sensitivity.Sensitivity.Effect;
import org.slimquant.sensitivity.Sensitivity.SiteEffects;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/** Tests formats from data in all steps: train, calibrate, keep the plan, train through it. */
final class PerceptronTest {

  private static final Training TRAINING = new Training(20, 32, 0.003f, 1, 1);

  private final Digits digits = Digits.load();
  private final PrintStream out =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @Test
  void calibrationFindsTheFormatsOfAModelWithoutFrac(@TempDir Path folder) throws Exception {
    QuantizationPlan plan = calibrated();
    plan.write(folder.resolve("perceptron.plan.txtpb"));
    QuantizationPlan kept = QuantizationPlan.read(folder.resolve("perceptron.plan.txtpb"));

    assertThat(kept).isEqualTo(plan);
    assertThat(kept.diff(calibrated()).isEmpty()).isTrue();
    assertThat(plan.sites().stream().map(Site::name))
        .containsExactly(
            "dense1/SlimQuant/pixels",
            "dense1/SlimQuant/kernel",
            "dense1/SlimQuant/output",
            "dense2/SlimQuant/kernel",
            "dense2/SlimQuant/output")
        .inOrder();
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, kept);
      Perceptron model = new QuantizedPerceptron(Ops.create(graph), TRAINING.seed(), quantizer);
      try (Classifier classifier =
          new Classifier(graph, digits.training().imageShape(), model::logits, TRAINING)) {
        new Trainer("training", TRAINING, out).train(List.of(classifier), digits.training());

        assertThat(classifier.accuracy(digits.test())).isAtLeast(0.95);
        assertThat(quantizer.verify()).isEmpty();
        assertThat(quantizer.plan().remarks()).isEmpty();
        assertThat(quantizer.checkBiases(classifier.session())).isEmpty();
        assertThat(
                PlanMeasure.of(quantizer.plan(), classifier, digits.test(), out)
                    .everyElementHasACode()
                    .holds())
            .isTrue();
        assertThat(quantizer.plan().sites().stream().map(Site::name))
            .containsAtLeast("dense1/SlimQuant/bias", "dense2/SlimQuant/bias");
      }
    }
  }

  @Test
  void eachQuantizedTensorIsTriedAlone() {
    QuantizationPlan plan = calibrated();
    try (Graph graph = new Graph()) {
      ProbingQuantizer quantizer = ProbingQuantizer.of(graph, plan);
      Perceptron model = new QuantizedPerceptron(Ops.create(graph), TRAINING.seed(), quantizer);
      try (Classifier classifier =
          new Classifier(graph, digits.training().imageShape(), model::logits, TRAINING)) {
        // Nothing is quantized while it trains: this is the float model that was calibrated.
        new Trainer("training", TRAINING, out).train(List.of(classifier), digits.training());
        Sensitivity sensitivity = classifier.sensitivity(quantizer, digits.test().batches(128));

        assertThat(sensitivity.floatAccuracy())
            .isEqualTo(OptionalDouble.of(classifier.accuracy(digits.test())));
        assertThat(sensitivity.sites()).hasSize(7);
        for (SiteEffects site : sensitivity.sites()) {
          Effect effect = site.at(0).orElseThrow();
          assertWithMessage("%s", site).that(effect.sqnrDb()).isAtLeast(25);
          assertWithMessage("%s", site).that(effect.accuracy().orElseThrow()).isAtLeast(0.95);
        }
      }
    }
  }

  private QuantizationPlan calibrated() {
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Perceptron model = new QuantizedPerceptron(Ops.create(graph), TRAINING.seed(), quantizer);
      try (Classifier classifier =
          new Classifier(graph, digits.training().imageShape(), model::logits, TRAINING)) {
        new Trainer("training", TRAINING, out).train(List.of(classifier), digits.training());
        return classifier.calibrate(quantizer, digits.training().batches(128), batches -> {});
      }
    }
  }
}
