package org.slimquant.benchmarks;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;

/** What is measured beside the engine computes the same network. */
final class TfLiteFileTest {

  @Test
  void logitsDifferByOneStepAtMost() {
    IntegerModel model = DigitNetwork.create();
    int[] images = DigitNetwork.images(64);
    int[] codes = IntegerEngine.of(model).run(images);
    try (TfLiteInterpreter lite = new TfLiteInterpreter(model, images)) {
      lite.run();

      byte[] output = lite.output();

      assertThat(output).hasLength(codes.length);
      for (int i = 0; i < codes.length; i++) {
        assertWithMessage("logit %s", i).that(Math.abs(codes[i] - output[i])).isAtMost(1);
      }
    }
    // Else a network that always answers the same would do.
    assertThat(Arrays.stream(codes).distinct().count()).isAtLeast(20);
    assertThat(Arrays.stream(codes).map(Math::abs).max().orElseThrow()).isLessThan(127);
  }
}
