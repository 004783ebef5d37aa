package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;

/** Tests the codes of a format that activations leave. */
final class CodeRangeTest {

  @Test
  void activations() {
    FixedPoint format = FixedPoint.unsigned(8, -5);
    assertThat(CodeRange.all(format)).isEqualTo(new CodeRange(0, 255));
    assertThat(CodeRange.relu6(format)).isEqualTo(new CodeRange(0, 192));
    assertThat(CodeRange.relu(FixedPoint.signed(8, -5))).isEqualTo(new CodeRange(0, 127));
    assertThat(CodeRange.relu6(FixedPoint.signed(8, -5))).isEqualTo(new CodeRange(0, 127));
    // 6 / 4 + 1/2 = 2
    assertThat(CodeRange.relu6(FixedPoint.signed(8, 2))).isEqualTo(new CodeRange(0, 2));
    assertFails(() -> new CodeRange(1, 0), "a range of codes must not be empty, but is 1 .. 0");
  }

  private static void assertFails(Runnable run, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, run::run))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
