package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Layers that are refused, and the graph that then stays as the layer built it. */
final class GraphQuantizerErrorsTest {

  private static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  private static final QuantizedLayer DENSE = QuantizedLayer.of("dense", KERNEL, OUTPUT);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4, 4)));
  private final Variable<TFloat32> kernel =
      tf.withName("kernel").variable(Shape.of(4, 4), TFloat32.class);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @Test
  void twoKernelOps() {
    List<String> withoutQuantizer = List.of("MatMul a <- [x, kernel]", "MatMul b <- [a, kernel]");

    assertFails(
        IllegalStateException.class,
        DENSE,
        () -> tf.withName("b").linalg.matMul(tf.withName("a").linalg.matMul(x, kernel), kernel),
        "layer dense must have at most one kernel op, but has a (MatMul), b (MatMul); give each its"
            + " own @QuantInt8 method");

    assertThat(Tensors.lines(graph)).containsAtLeastElementsIn(withoutQuantizer).inOrder();
    assertNothingIsQuantized();
  }

  @Test
  void kernelOfDoubles() {
    Variable<TFloat64> doubles = tf.withName("doubles").variable(Shape.of(4, 4), TFloat64.class);

    assertFails(
        IllegalStateException.class,
        DENSE,
        () ->
            tf.dtypes.cast(
                tf.linalg.matMul(tf.dtypes.cast(x, TFloat64.class), doubles), TFloat32.class),
        "layer dense must have a float32 kernel, because TensorFlow's fake-quant op takes float32"
            + " only, but MatMul (MatMul) reads doubles:0, a TFloat64; use float32 ops");

    assertNothingIsQuantized();
  }

  @Test
  void kernelFormatWithoutKernelOp() {
    assertFails(
        IllegalStateException.class,
        QuantizedLayer.withKernel("pool", KERNEL, OUTPUT),
        () -> tf.nn.relu(x),
        "layer pool must have a kernel op, because its annotation speaks of the kernel, but none of"
            + " its ops reads a variable or constant as its kernel; take out kernelBits, kernelFrac"
            + " and perChannel");

    assertNothingIsQuantized();
  }

  @Test
  void kernelThatCannotBeToldFromTheData() {
    Constant<TFloat32> fed = tf.constant(new float[4][4]);

    assertFails(
        IllegalStateException.class,
        DENSE,
        () -> tf.linalg.matMul(quantizer.input(fed), quantizer.input(kernel)),
        "layer dense must tell its kernel from its data, but MatMul (MatMul) reads parameters only,"
            + " all computed from constants and variables; feed the model from a placeholder");

    assertNothingIsQuantized();
  }

  @Test
  void dataThatIsNoParameter() {
    Variable<TFloat32> state = tf.withName("state").variable(Shape.of(4, 4), TFloat32.class);

    assertFails(
        IllegalStateException.class,
        DENSE,
        () -> tf.math.add(quantizer.input(x), tf.linalg.matMul(state, kernel)),
        "layer dense must tell its kernel from its data, but MatMul (MatMul) reads constants and"
            + " variables only, none of them a parameter; pass the data as a parameter");

    assertNothingIsQuantized();
  }

  @Test
  void kernelWithTwoFormats() {
    layer(quantizer, DENSE, () -> tf.linalg.matMul(x, kernel));

    assertFails(
        IllegalArgumentException.class,
        QuantizedLayer.of("other", FixedPoint.signed(4, -3), OUTPUT),
        () -> tf.withName("b").linalg.matMul(x, kernel),
        "a tensor must have one format, but kernel:0 is int8 * 2^-7 in dense/SlimQuant/kernel and"
            + " int4 * 2^-3 in other/SlimQuant/kernel; give both the same");

    assertThat(Tensors.lines(graph)).contains("MatMul b <- [x, kernel]");
    assertThat(quantizer.plan().sites()).hasSize(2);
  }

  @Test
  void outputWithTwoFormats() {
    layer(quantizer, DENSE, () -> quantizer.input(new QuantizedInput("x", OUTPUT), x));

    assertFails(
        IllegalArgumentException.class,
        QuantizedLayer.of("other", KERNEL, KERNEL),
        () -> x,
        "a tensor must have one format, but x:0 is int8 * 2^-5 in dense/SlimQuant/x and int8 * 2^-7"
            + " in other/SlimQuant/output; give both the same");
  }

  @Test
  void inputWithAnotherFormatThanTheOutputItIs() {
    Operand<TFloat32> hidden = layer(quantizer, DENSE, () -> tf.nn.relu(x));

    assertFails(
        IllegalArgumentException.class,
        QuantizedLayer.of("other", KERNEL, OUTPUT),
        () -> quantizer.input(new QuantizedInput("hidden", KERNEL), hidden),
        "a tensor must have one format, but Relu:0 is int8 * 2^-5 in dense/SlimQuant/output and"
            + " int8 * 2^-7 in other/SlimQuant/hidden; give both the same");
  }

  @Test
  void outputOfAnEagerSession() {
    try (EagerSession session = EagerSession.create()) {
      Operand<TFloat32> eager = Ops.create(session).constant(1f);

      assertFails(
          IllegalArgumentException.class,
          DENSE,
          () -> eager,
          "the output of layer dense must be a tensor of a graph, but is of an eager session; build"
              + " it with Ops.create(graph)");
    }
  }

  @Test
  void inputOfAnEagerSession() {
    try (EagerSession session = EagerSession.create()) {
      Operand<TFloat32> eager = Ops.create(session).constant(1f);

      assertFails(
          IllegalArgumentException.class,
          DENSE,
          () -> quantizer.input(new QuantizedInput("x", KERNEL), eager),
          "parameter x of layer dense must be a tensor of a graph, but is of an eager session;"
              + " build it with Ops.create(graph)");
    }
  }

  @Test
  void operandOfAnotherGraph() {
    try (Graph other = new Graph()) {
      Operand<TFloat32> foreign = Ops.create(other).withName("y").constant(1f);

      assertFails(
          IllegalArgumentException.class,
          DENSE,
          () -> foreign,
          "the output of layer dense must be a tensor of the same graph, but y:0 is of another;"
              + " give every graph a quantizer of its own");
      assertThat(Tensors.lines(other)).containsExactly("Const y <- []");
    }
  }

  // A layer written without null checks may do this.
  @SuppressWarnings("NullAway")
  @Test
  void layerThatReturnsNull() {
    assertFails(
        IllegalStateException.class,
        DENSE,
        () -> null,
        "layer dense must return its output, but returns null");
  }

  // A layer written without null checks may do this.
  @SuppressWarnings("NullAway")
  @Test
  void annotatedOperandIsNull() {
    assertFails(
        IllegalArgumentException.class,
        DENSE,
        () -> quantizer.input(new QuantizedInput("skip", KERNEL), null),
        "parameter skip of layer dense must be an operand, but is null; call the layer with one or"
            + " take its annotation away");
  }

  @Test
  void layerWithoutAQuantizer() {
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> layer(null, DENSE, () -> tf.nn.relu(x)));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "layer dense must have a quantizer, but has none: null was given to the model, or the"
                + " model's constructor builds the layer, which a method must do");
  }

  @Test
  void inputOutsideALayer() {
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class, () -> quantizer.input(new QuantizedInput("x", KERNEL), x));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo("an input must be given while a layer is built, but none is");
  }

  @Test
  void whatTheBodyThrowsComesOutAsItIs() {
    IOException cause = new IOException("no weights");

    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                layer(
                    quantizer,
                    DENSE,
                    () -> {
                      throw cause;
                    }));

    assertThat(thrown).isSameInstanceAs(cause);
    assertNothingIsQuantized();
    layer(quantizer, DENSE, () -> tf.linalg.matMul(x, kernel));
    assertThat(quantizer.plan().sites()).hasSize(2);
  }

  @Test
  void whatTheBodyThrowsComesOutOfAClosedGraphToo() {
    IOException cause = new IOException("no weights");

    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                layer(
                    quantizer,
                    DENSE,
                    () -> {
                      graph.close();
                      throw cause;
                    }));

    assertThat(thrown).isSameInstanceAs(cause);
  }

  @Test
  void theOpsOfALayerThatFailedAreNotThoseOfTheLayerAround() {
    layer(
        quantizer,
        QuantizedLayer.of("block", KERNEL, OUTPUT),
        () -> {
          assertThrows(
              IllegalStateException.class,
              () ->
                  layer(
                      quantizer,
                      DENSE,
                      () -> {
                        tf.linalg.matMul(x, kernel);
                        throw new IllegalStateException();
                      }));
          return tf.linalg.matMul(x, kernel);
        });

    assertThat(quantizer.plan().sites()).hasSize(2);
  }

  private void assertFails(
      Class<? extends RuntimeException> type,
      QuantizedLayer layer,
      LayerBody body,
      String message) {
    RuntimeException thrown = assertThrows(type, () -> layer(quantizer, layer, body));

    assertThat(thrown).hasMessageThat().isEqualTo(message);
  }

  private void assertNothingIsQuantized() {
    assertThat(quantizer.plan().sites()).isEmpty();
    assertThat(Tensors.lines(graph).stream().filter(line -> line.contains("SlimQuant"))).isEmpty();
  }
}
