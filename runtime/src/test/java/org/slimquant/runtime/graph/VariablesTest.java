package org.slimquant.runtime.graph;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.GraphWithLayers;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Ops that read a variable quantized, and ops that write and keep it. */
final class VariablesTest extends GraphWithLayers {

  @Test
  void aStateThatTheLayerWritesHoldsTheQuantizedOutput() {
    Placeholder<TFloat32> x = matrix();
    Variable<TFloat32> state = tf.withName("state").variable(Shape.of(4, 4), TFloat32.class);
    layer(
        quantizer,
        QuantizedLayer.of("cell", KERNEL, OUTPUT),
        () -> {
          Operand<TFloat32> y = tf.math.tanh(quantizer.input(x));
          tf.withName("store").assign(state, y);
          tf.withName("spread").scatterNd(tf.constant(new int[4][1]), y, tf.array(4, 4));
          return y;
        });

    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "Assign store <- [state, cell/SlimQuant/output]",
            "ScatterNd spread <- [Const, cell/SlimQuant/output, Const_1]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void initialAssignmentAndSaveKeepTheVariable() {
    Variable<TFloat32> kernel =
        tf.withName("kernel").variable(tf.withName("initial").constant(new float[4][4]));
    Placeholder<TFloat32> x = matrix();
    tf.train.save(
        tf.constant("prefix"), tf.array("kernel"), tf.array(""), List.<Operand<?>>of(kernel));
    layer(
        quantizer,
        QuantizedLayer.of("dense", KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), kernel));

    assertThat(Tensors.lines(graph))
        .containsAtLeast(
            "Assign kernel_1 <- [kernel, initial]",
            "SaveV2 Save <- [Const, Const_1, Const_2, kernel]",
            "MatMul MatMul <- [x, dense/SlimQuant/kernel]");
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void resourceVariable() {
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    Placeholder<TFloat32> x = matrix();
    layer(
        quantizer,
        QuantizedLayer.withKernel("dense", KERNEL, OUTPUT),
        () ->
            tf.linalg.matMul(
                quantizer.input(x),
                tf.withName("read").readVariableOp(resource(handle), TFloat32.class)));

    assertThat(quantizer.plan().sites().get(0))
        .isEqualTo(site("dense/SlimQuant/kernel", Kind.KERNEL, "read:0", KERNEL));
  }

  @Test
  void aResourceVariableThatTwoLayersRead() {
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    Placeholder<TFloat32> x = matrix();
    dense("encode", x, tf.withName("first").readVariableOp(resource(handle), TFloat32.class));
    dense("decode", x, tf.withName("second").readVariableOp(resource(handle), TFloat32.class));

    assertThat(quantizer.plan().sites())
        .containsAtLeast(
            site("encode/SlimQuant/kernel", Kind.KERNEL, "first:0", KERNEL),
            site("decode/SlimQuant/kernel", Kind.KERNEL, "second:0", KERNEL));
    assertThat(quantizer.verify()).isEmpty();

    FixedPoint other = FixedPoint.signed(8, -3);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                layer(
                    quantizer,
                    QuantizedLayer.of("third", other, OUTPUT),
                    () ->
                        tf.linalg.matMul(
                            quantizer.input(x),
                            tf.readVariableOp(resource(handle), TFloat32.class))));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but first:0 is int8 * 2^-7 in encode/SlimQuant/kernel"
                + " and int8 * 2^-3 in third/SlimQuant/kernel; give both the same");
  }

  @Test
  void aResourceVariableWithTwoFormatsInThePlan() {
    QuantizationPlan plan =
        new QuantizationPlan(
            List.of(
                site("encode/SlimQuant/kernel", Kind.KERNEL, "first:0", KERNEL),
                site("decode/SlimQuant/kernel", Kind.KERNEL, "second:0", FixedPoint.signed(8, -3))),
            List.of());
    GraphQuantizer planned = GraphQuantizer.fakeQuant(graph, plan);
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    Placeholder<TFloat32> x = matrix();
    planned(planned, "encode", x, handle);

    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> planned(planned, "decode", x, handle));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "a tensor must have one format, but ReadVariableOp_1:0 is int8 * 2^-7 in"
                + " encode/SlimQuant/kernel and int8 * 2^-3 in decode/SlimQuant/kernel; give both"
                + " the same");
  }

  private void planned(
      GraphQuantizer planned, String name, Operand<TFloat32> x, Operand<?> handle) {
    layer(
        planned,
        QuantizedLayer.of(name, Calibrated.signed(8), OUTPUT),
        () ->
            tf.linalg.matMul(
                planned.input(x), tf.readVariableOp(resource(handle), TFloat32.class)));
  }

  // The op's type is given only by its name.
  @SuppressWarnings("unchecked")
  private static Operand<? extends org.tensorflow.types.family.TType> resource(Operand<?> handle) {
    return (Operand<? extends org.tensorflow.types.family.TType>) handle;
  }
}
