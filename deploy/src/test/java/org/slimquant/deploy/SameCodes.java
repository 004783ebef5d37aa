package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;

/** Compares the codes of what is compiled with those that TensorFlow computes. */
final class SameCodes {

  static final long SEED = 5;

  private SameCodes() {}

  static IntegerModel assertSame(QuantizedGraph graph, Operand<?> output) {
    IntegerModel model = graph.compile(output);
    assertSame(graph, model);
    return model;
  }

  static void assertSame(QuantizedGraph graph, IntegerModel model) {
    CodeComparison comparison = compare(graph, model);
    assertWithMessage("differing codes, seed %s, %s of\n%s", SEED, comparison, model)
        .that(comparison.differing())
        .isEqualTo(0);
    assertThat(comparison.compared()).isAtLeast(1);
  }

  static CodeComparison compare(QuantizedGraph graph, IntegerModel model) {
    return CodeComparison.of(
        graph.session(), graph.images, model, CodeComparison.batch(model.input(), 40, SEED));
  }
}
