package org.slimquant.deploy.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;

/** Compares the codes of what is compiled with those that TensorFlow computes. */
public final class SameCodes {

  public static final long SEED = 5;

  private SameCodes() {}

  public static IntegerModel assertSame(QuantizedGraph graph, Operand<?> output) {
    IntegerModel model = graph.compile(output);
    assertSame(graph, model);
    return model;
  }

  public static void assertSame(QuantizedGraph graph, IntegerModel model) {
    CodeComparison comparison = compare(graph, model);
    assertWithMessage("differing codes, seed %s, %s of\n%s", SEED, comparison, model)
        .that(comparison.differing())
        .isEqualTo(0);
    assertThat(comparison.compared()).isAtLeast(1);
  }

  /** Compares the codes of what several outputs and inputs are compiled to. */
  public static IntegerModel assertSameOutputs(
      QuantizedGraph graph, List<? extends Operand<?>> inputs, List<? extends Operand<?>> outputs) {
    IntegerModel model =
        IntegerCompiler.compile("test", graph.session(), graph.quantizer.plan(), inputs, outputs)
            .model();
    List<float[]> batches = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      batches.add(CodeComparison.batch(model.inputs().get(i), 40, SEED + i));
    }
    CodeComparison comparison = CodeComparison.of(graph.session(), inputs, model, batches);
    assertWithMessage("differing codes, seed %s, %s of\n%s", SEED, comparison, model)
        .that(comparison.differing())
        .isEqualTo(0);
    assertThat(comparison.compared()).isAtLeast(1);
    return model;
  }

  public static CodeComparison compare(QuantizedGraph graph, IntegerModel model) {
    return CodeComparison.of(
        graph.session(), graph.images, model, CodeComparison.batch(model.input(), 40, SEED));
  }
}
