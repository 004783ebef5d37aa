package org.slimquant.demo.training;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

final class TrainingResultTest {

  @Test
  void slowStepsAtTheStartDoNotCount() {
    long[] nanos = {90_000_000, 80_000_000, 70_000_000, 3_000_000, 1_000_000, 2_000_000};
    assertThat(TrainingResult.stepMillis(nanos)).isEqualTo(2.0);
  }

  @Test
  void aSingleStepCounts() {
    assertThat(TrainingResult.stepMillis(new long[] {4_000_000})).isEqualTo(4.0);
  }
}
