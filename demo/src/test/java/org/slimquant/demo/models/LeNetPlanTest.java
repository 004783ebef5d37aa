package org.slimquant.demo.models;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Trainer;
import org.slimquant.demo.training.Training;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.TensorStatistics;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/**
 * Tests that the plan that {@link LeNet} ships is the one that calibration finds after the demo's
 * training. {@code mvn test -Dgolden.rewrite=true} writes it anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeNetPlanTest {

  /** The settings of the demo. */
  private static final Training TRAINING = new Training(40, 32, 0.001f, 1, 1);

  private QuantizationPlan calibrated;

  @BeforeAll
  void trainAndCalibrate() throws IOException {
    Digits digits = Digits.load();
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      LeNet model = new QuantizedLeNet(Ops.create(graph), TRAINING.seed(), quantizer);
      try (Classifier classifier =
          new Classifier(graph, digits.training().imageShape(), model::logits, TRAINING)) {
        new Trainer("training", TRAINING, nowhere).train(List.of(classifier), digits.training());
        calibrated =
            classifier.calibrate(
                quantizer, digits.training().batches(TRAINING.batchSize()), batches -> {});
      }
    }
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(ShippedPlans.FOLDER);
      calibrated.write(ShippedPlans.leNetFile());
    }
  }

  @Test
  void calibrationFindsTheShippedFormats() {
    assertThat(ShippedPlans.leNet().diff(calibrated).toString()).isEmpty();
  }

  /**
   * Another CPU adds in another order. With other vector units, weights differed by 2e-7 of their
   * value.
   */
  @Test
  void calibrationMeasuresWhatTheShippedPlanSays() {
    for (Site site : ShippedPlans.leNet().sites()) {
      TensorStatistics shipped = site.measure().orElseThrow();
      TensorStatistics measured = measureOf(site.name());
      assertWithMessage(site.name()).that(measured.min()).isWithin(1e-3f).of(shipped.min());
      assertWithMessage(site.name()).that(measured.max()).isWithin(1e-3f).of(shipped.max());
      assertWithMessage(site.name())
          .that(measured.clippedShare())
          .isWithin(1e-4)
          .of(shipped.clippedShare());
      if (site.name().equals("conv1/SlimQuant/images")) {
        // Pixels are multiples of 1/16.
        assertThat(List.of(measured.sqnrDb(), shipped.sqnrDb()))
            .containsExactly(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      } else {
        assertWithMessage(site.name()).that(measured.sqnrDb()).isWithin(0.1).of(shipped.sqnrDb());
      }
    }
  }

  private TensorStatistics measureOf(String name) {
    return calibrated.sites().stream()
        .filter(site -> site.name().equals(name))
        .findFirst()
        .flatMap(Site::measure)
        .orElseThrow();
  }
}
