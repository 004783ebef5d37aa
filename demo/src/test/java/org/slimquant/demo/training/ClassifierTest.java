package org.slimquant.demo.training;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.models.ShippedPlans;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

final class ClassifierTest {

  private static final Training TRAINING = new Training(3, 32, 0.001f, 7, 1);
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private static final QuantizationPlan PLAN = ShippedPlans.leNet();

  private final Digits digits = Digits.load();

  @Test
  void lossFallsAndAccuracyRises() throws Exception {
    try (Graph graph = new Graph();
        Classifier classifier = quantized(graph)) {
      double before = classifier.accuracy(digits.test());
      TrainingResult result =
          new Trainer("training", TRAINING, NOWHERE)
              .train(List.of(classifier), digits.training())
              .get(0);

      assertThat(result.lastLoss()).isLessThan(result.firstLoss() / 2);
      assertThat(before).isLessThan(0.4);
      assertThat(classifier.accuracy(digits.test())).isGreaterThan(0.85);
    }
  }

  @Test
  void theSameTrainingGivesTheSameLogitsAloneAndBesideAnother() throws Exception {
    float[] alone;
    try (Graph graph = new Graph();
        Classifier classifier = quantized(graph)) {
      new Trainer("training", TRAINING, NOWHERE).train(List.of(classifier), digits.training());
      alone = classifier.logits(digits.test());
    }
    try (Graph floatGraph = new Graph();
        Graph graph = new Graph();
        Classifier floats = floats(floatGraph);
        Classifier classifier = quantized(graph)) {
      new Trainer("training", TRAINING, NOWHERE)
          .train(List.of(floats, classifier), digits.training());
      assertThat(classifier.logits(digits.test())).isEqualTo(alone);
    }
  }

  @Test
  void aSavedModelComputesTheSameLogits(@TempDir Path folder) throws Exception {
    try (Graph graph = new Graph();
        Classifier classifier = quantized(graph)) {
      new Trainer("training", TRAINING, NOWHERE).train(List.of(classifier), digits.training());
      classifier.save(folder);

      float[] logits = classifier.logits(digits.test());
      try (SavedModel loaded = new SavedModel(folder, 1)) {
        assertThat(loaded.logits(digits.test())).isEqualTo(logits);
      }
      // The saved variables are the trained ones, not their initial values.
      try (Graph other = new Graph();
          Classifier untrained = quantized(other)) {
        assertThat(untrained.logits(digits.test())).isNotEqualTo(logits);
      }
    }
  }

  @Test
  void aFloatCheckpointFitsTheQuantizedModel(@TempDir Path folder) throws Exception {
    String checkpoint = folder.resolve("lenet").toString();
    try (Graph graph = new Graph();
        Classifier floats = floats(graph)) {
      new Trainer("training", TRAINING, NOWHERE).train(List.of(floats), digits.training());
      floats.session().save(checkpoint);
    }
    try (Graph graph = new Graph();
        Classifier quantized = quantized(graph)) {
      quantized.session().restore(checkpoint);
      assertThat(quantized.accuracy(digits.test())).isGreaterThan(0.85);
    }
  }

  @Test
  void batchLargerThanTheSet() throws Exception {
    Training training = new Training(1, 2000, 0.001f, 7, 1);
    try (Graph graph = new Graph();
        Classifier classifier = floats(graph)) {
      Trainer trainer = new Trainer("training", training, NOWHERE);
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> trainer.train(List.of(classifier), digits.training()));
      assertThat(e)
          .hasMessageThat()
          .isEqualTo("a batch must have at most as many images as there are, 1352, but has 2000");
    }
  }

  @Test
  void noEpochs() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Training(0, 32, 0.001f, 7, 1));
    assertThat(e).hasMessageThat().isEqualTo("epochs must be at least 1, but is 0");
  }

  private Classifier floats(Graph graph) {
    LeNet model = new LeNet(Ops.create(graph), TRAINING.seed());
    return new Classifier(graph, digits.training().imageShape(), model::logits, TRAINING);
  }

  private Classifier quantized(Graph graph) {
    LeNet model =
        new QuantizedLeNet(
            Ops.create(graph), TRAINING.seed(), GraphQuantizer.fakeQuant(graph, PLAN));
    return new Classifier(graph, digits.training().imageShape(), model::logits, TRAINING);
  }
}
