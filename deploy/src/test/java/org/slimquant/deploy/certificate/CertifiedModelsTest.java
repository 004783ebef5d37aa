package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.testing.RandomCodes;

/** What is certified agrees with TensorFlow, code by code, at every op. */
final class CertifiedModelsTest {

  private static final long SEED = 20_240_229;
  private static final long OUTPUTS = 10_000_000;
  private static final int BATCH_OUTPUTS = 150_000;

  @Test
  void randomModels() {
    long compared = 0;
    int models = 0;
    long largest = 0;
    int mostBits = 0;
    for (long seed = SEED; compared < OUTPUTS; seed++) {
      IntegerModel model = CertifiedModels.random(seed);
      int outputs = model.ops().stream().mapToInt(op -> op.output().size()).sum();
      int examples = 1 + BATCH_OUTPUTS / outputs;
      FloatComparison comparison =
          FloatComparison.of(model, RandomCodes.of(seed, model.input(), examples));
      assertWithMessage("seed %s, model\n%s", seed, model).that(comparison.differing()).isEmpty();
      compared += comparison.compared();
      models++;
      for (OpProof op : ExactnessCertificate.of(model).ops()) {
        largest = Math.max(largest, op.magnitude());
        for (SumProof sum : op.sums()) {
          mostBits = Math.max(mostBits, sum.roundingBits());
        }
      }
    }
    System.out.printf(
        "certified models: %d from seed %d, outputs compared: %d, differing: 0;"
            + " largest sum %d, most rounding bits %d%n",
        models, SEED, compared, largest, mostBits);
    // Else the bounds would not have been tried.
    assertThat(largest).isEqualTo(1L << 24);
    assertThat(mostBits).isEqualTo(24);
  }

  /** Shapes for which libraries have fast algorithms, some of which would not add products. */
  @Test
  void convolutionsOf64Channels() {
    Random random = new Random(SEED);
    for (int size : new int[] {1, 3, 5}) {
      IntegerModel model = CertifiedModels.convolution(random, 16, 64, size);
      int[] input = RandomCodes.of(random, model.input(), 8);
      assertThat(ExactnessCertificate.of(model).exact()).isTrue();
      assertWithMessage("%s x %s", size, size)
          .that(FloatComparison.of(model, input).differing())
          .isEmpty();
    }
  }
}
