package org.slimquant.sensitivity;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Models that cannot be analyzed. */
final class SensitivityErrorsTest {

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
  private final Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
  private final Operand<TFloat32> y = relu("a", FixedPoint.unsigned(8, 0), x);
  private final Session session = new Session(graph);

  @AfterEach
  void closeGraph() {
    session.close();
    graph.close();
  }

  @Test
  void noBatch() {
    assertThat(error(y))
        .isEqualTo("an analysis must have at least one batch, but has none; give it one");
  }

  @Test
  void aQuantizerWithoutSites() {
    ProbingQuantizer other = quantizerWithoutSites();

    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> other.analyze(session, y, List.of(batch(1, 2)))))
        .hasMessageThat()
        .isEqualTo(
            "an analysis must have sites to probe, but the quantizer has none; build the model"
                + " before the analysis");
  }

  private static ProbingQuantizer quantizerWithoutSites() {
    try (Graph other = new Graph()) {
      return ProbingQuantizer.of(other, QuantizationPlan.EMPTY);
    }
  }

  @Test
  void anOutputOfAnotherGraph() {
    try (Graph other = new Graph()) {
      assertThat(error(Ops.create(other).withName("far").constant(1f), batch(1, 2)))
          .isEqualTo(
              "the output that is compared must be a tensor of the same graph, but far:0 is of"
                  + " another; give every graph a quantizer of its own");
    }
  }

  @Test
  void aSessionOfAnotherGraph() {
    try (Graph other = new Graph();
        Session far = new Session(other)) {
      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () -> quantizer.analyze(far, y, List.of(batch(1, 2)))))
          .hasMessageThat()
          .isEqualTo(
              "the session of an analysis must be of the quantizer's graph, but is of another; make"
                  + " it with new Session(graph)");
    }
  }

  @Test
  void anOutputThatIsNotFinite() {
    assertThat(error(y, batch(1, 2), batch(Float.NaN, 2)))
        .isEqualTo(
            "a/SlimQuant/output:0 must be finite to be compared, but has the element NaN in batch 2"
                + " when nothing is quantized");
  }

  @Test
  void anOutputThatIsNotFiniteOnlyWhenASiteIsQuantized() {
    Operand<TFloat32> reciprocal = tf.withName("reciprocal").math.reciprocal(y);

    assertThat(error(reciprocal, batch(1, 2), batch(3, 0.5f)))
        .isEqualTo(
            "reciprocal:0 must be finite to be compared, but has the element Infinity in batch 2 when"
                + " a/SlimQuant/output is quantized to uint8 * 2^1");
  }

  @Test
  void anOutputWithoutElements() {
    assertThat(error(y, batch()))
        .isEqualTo(
            "a batch must have an output, but a/SlimQuant/output:0 has no elements in batch 1; feed"
                + " samples");
  }

  @Test
  void labelsOfAWrongCount() {
    assertThat(error(y, labelled(batch(1, 2, 3, 4), 0, 1), labelled(batch(1, 2, 3, 4), 0)))
        .isEqualTo(
            "a batch must have a label for each sample, but batch 2 has 1 for 2 of"
                + " a/SlimQuant/output:0, whose shape is [2, 2]");
  }

  @Test
  void labelsOfNoClass() {
    for (int label : new int[] {-1, 2}) {
      assertThat(error(y, labelled(batch(1, 2), label)))
          .isEqualTo(
              "a label must be a class of a/SlimQuant/output:0, 0 to 1, but batch 1 has " + label);
    }
  }

  @Test
  void labelsForSomeBatchesOnly() {
    assertThat(error(y, labelled(batch(1, 2), 0), batch(1, 2)))
        .isEqualTo("all batches must have labels or none, but batch 2 has none and batch 1 some");
    assertThat(error(y, batch(1, 2), labelled(batch(1, 2), 0)))
        .isEqualTo("all batches must have labels or none, but batch 2 has some and batch 1 none");
  }

  private Operand<TFloat32> relu(String name, FixedPoint format, Operand<TFloat32> input) {
    return layer(quantizer, QuantizedLayer.of(name, format, format), () -> tf.nn.relu(input));
  }

  /** Returns a batch of rows of two elements. */
  private Batch batch(float... elements) {
    TFloat32 tensor = Tensors.tensor(Shape.of(elements.length / 2, 2), elements);
    return Batch.of(runner -> runner.feed(x, tensor));
  }

  private static Batch labelled(Batch batch, int... labels) {
    return Batch.of(batch.feed(), labels);
  }

  private String error(Operand<TFloat32> output, Batch... batches) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> quantizer.analyze(session, output, List.of(batches)))
            .getMessage());
  }
}
