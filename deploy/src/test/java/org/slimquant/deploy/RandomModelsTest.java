package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertWithMessage;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.RandomModels;
import org.slimquant.engine.Add;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.WeightedOp;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Random networks, as TensorFlow computes them and as integers. */
final class RandomModelsTest {

  /** Beyond this, float32 has no number for every integer. */
  private static final long EXACT = 1L << 24;

  @ParameterizedTest
  @CsvSource({"1, 120, 8, 115", "1000, 60, 16, 10"})
  void everyTensorHasTheCodesThatTensorFlowComputes(
      long firstSeed, int count, int maxBits, int leastExact) {
    long compared = 0;
    int exact = 0;
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      try (QuantizedGraph graph = new QuantizedGraph(seed, 9, 9, 2)) {
        Operand<TFloat32> output = RandomModels.add(graph, seed, 9, 2, maxBits);
        IntegerModel model = graph.compile(output);
        if (model.ops().stream().allMatch(RandomModelsTest::isExact)) {
          exact++;
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
    assertWithMessage("models that float32 computes exactly").that(exact).isAtLeast(leastExact);
    assertWithMessage("codes compared").that(compared).isAtLeast(30_000);
  }

  /** Whether float32 computes an op exactly, whatever it is given. */
  private static boolean isExact(IntegerOp op) {
    int bits = op.output().format().bits();
    int exponent = op.output().format().exponent();
    if (op instanceof WeightedOp layer) {
      return LongStream.of(layer.accumulatorBounds()).allMatch(bound -> bound < EXACT)
          && IntStream.range(0, layer.channels())
              .allMatch(channel -> bits + layer.shift(channel) <= 24);
    }
    if (op instanceof Add add) {
      double bound =
          add.inputs().stream()
              .mapToDouble(
                  input ->
                      Math.scalb(
                          (double) input.format().maxCode(),
                          input.format().exponent() - add.sumExponent()))
              .sum();
      return bound < EXACT && bits + exponent - add.sumExponent() <= 24;
    }
    return op.inputs().stream()
        .allMatch(input -> bits + exponent - input.format().exponent() <= 20);
  }
}
