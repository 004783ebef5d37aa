package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertWithMessage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.RandomGraph;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Random networks, as TensorFlow computes them and as integers. */
final class RandomModelsTest {

  @ParameterizedTest
  @CsvSource({"1, 120, 8, 120", "2000, 60, 16, 50"})
  void everyTensorHasTheCodesThatTensorFlowComputes(
      long firstSeed, int count, int maxBits, int leastCertified) {
    long compared = 0;
    int certified = 0;
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      try (QuantizedGraph graph = new QuantizedGraph(seed, 9, 9, 2)) {
        Operand<TFloat32> output = RandomGraph.add(graph, seed, 9, 2, maxBits);
        IntegerModel model = graph.compile(output);
        if (ExactnessCertificate.of(model).exact()) {
          certified++;
          CodeComparison comparison =
              CodeComparison.of(
                  graph.session(),
                  graph.images,
                  model,
                  CodeComparison.batch(model.input(), 12, seed));
          assertWithMessage("differing codes, seed %s, of %s in\n%s", seed, comparison, model)
              .that(comparison.differing())
              .isEqualTo(0);
          compared += comparison.compared();
        }
      }
    }
    assertWithMessage("certified models").that(certified).isAtLeast(leastCertified);
    assertWithMessage("codes compared").that(compared).isAtLeast(30_000);
  }
}
