package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

final class SlimQuantTest {

  private static final FixedPoint FORMAT = FixedPoint.signed(8, -7);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4)));

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void opsWithTheNameAreReroutedAndOthersAreNot(GradientForm form) {
    Ops conv1 = tf.withSubScope("conv1");
    conv1.withName("a").nn.relu(x);
    conv1.withName("b").math.add(x, x);
    tf.withSubScope("conv2").withName("a").nn.relu(x);
    Operand<TFloat32> quantized = FakeQuant.of(conv1.withSubScope("SlimQuant"), x, FORMAT, form);

    assertThat(SlimQuant.insertQuantOp(graph, x, "conv1", quantized)).isEqualTo(3);

    String fq = quantized.op().name();
    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "Relu conv1/a <- [" + fq + "]",
            "Add conv1/b <- [" + fq + ", " + fq + "]",
            "Relu conv2/a <- [x]");
    assertThat(Tensors.run(graph, tf.identity(quantized), x, 0.3f, -2f))
        .usingExactEquality()
        .containsExactly(38f / 128, -127f / 128)
        .inOrder();
  }

  @Test
  void theEmptyNameReroutesEveryReader() {
    tf.withName("a").nn.relu(x);
    tf.withName("b").nn.relu(x);

    assertThat(SlimQuant.insertQuantOp(graph, x, "", FakeQuant.of(tf, x, FORMAT))).isEqualTo(2);
  }

  @Test
  void aQuantizedTensorOfAChainOfOpsMakesNoCycle() {
    Operand<TFloat32> quantized =
        tf.math.neg(FakeQuant.of(tf, tf.math.neg(tf.identity(x)), FORMAT));
    tf.withName("reader").nn.relu(x);

    assertThat(SlimQuant.insertQuantOp(graph, x, "", quantized)).isEqualTo(1);

    assertThat(Tensors.lines(graph))
        .containsAtLeast("Identity Identity <- [x]", "Relu reader <- [Neg_1]");
  }

  @Test
  void variablesKeepTheirWriters() {
    Variable<TFloat32> kernel = tf.withName("conv1_kernel").variable(tf.constant(1f));
    tf.withName("conv1").math.mul(kernel, x);

    assertThat(SlimQuant.insertQuantOp(graph, kernel, "conv1", FakeQuant.of(tf, kernel, FORMAT)))
        .isEqualTo(1);

    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "Assign conv1_kernel_1 <- [conv1_kernel, Const]",
            "Mul conv1 <- [FakeQuantWithMinMaxVars, x]");
  }

  @Test
  void noReaderHasTheName() {
    tf.withName("dense1").nn.relu(x);
    tf.withName("dense2").nn.relu(x);
    Operand<TFloat32> quantized = FakeQuant.of(tf, x, FORMAT);

    assertFails(
        x,
        quantized,
        "an op that reads x:0 must have \"conv\" in its name, but it is read by dense1 (Relu),"
            + " dense2 (Relu)");
  }

  @Test
  void nobodyReadsTheProducer() {
    Operand<TFloat32> quantized = FakeQuant.of(tf, tf.constant(1f), FORMAT);

    assertFails(
        x,
        quantized,
        "an op that reads x:0 must have \"conv\" in its name, but it is read by no op");
  }

  @Test
  void producerOfAnEagerSession() {
    Operand<TFloat32> quantized = FakeQuant.of(tf, x, FORMAT);
    try (EagerSession session = EagerSession.create()) {
      assertFails(
          Ops.create(session).constant(1f),
          quantized,
          "the producer must be a tensor of a graph, but is of an eager session; build it with"
              + " Ops.create(graph)");
    }
  }

  @Test
  void quantizedTensorOfAnotherGraph() {
    try (Graph other = new Graph()) {
      assertFails(
          x,
          Ops.create(other).withName("y").constant(1f),
          "the quantized tensor must be a tensor of the same graph, but y:0 is of another; give"
              + " every graph a quantizer of its own");
    }
  }

  private void assertFails(
      Operand<TFloat32> producer, Operand<TFloat32> quantized, String message) {
    var before = Tensors.lines(graph);

    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> SlimQuant.insertQuantOp(graph, producer, "conv", quantized));

    assertThat(thrown).hasMessageThat().isEqualTo(message);
    assertThat(Tensors.lines(graph)).isEqualTo(before);
  }
}
