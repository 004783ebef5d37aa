package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.format.Calibrated;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.GraphWithLayers;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** Layers with a kernel op whose kernel is computed from weights and from data. */
final class FedKernelsTest extends GraphWithLayers {

  private static final String RULE =
      "; give each its own @QuantInt8 method, and let each kernel be computed from variables and"
          + " constants alone";

  private void build(Function<Operand<TFloat32>, Operand<TFloat32>> body, Operand<TFloat32> input) {
    layer(
        quantizer,
        QuantizedLayer.of("layer", KERNEL, OUTPUT),
        () -> body.apply(quantizer.input(input)));
  }

  private void assertRefused(
      String ops, Function<Operand<TFloat32>, Operand<TFloat32>> body, Operand<TFloat32> input) {
    assertThat(assertThrows(IllegalStateException.class, () -> build(body, input)))
        .hasMessageThat()
        .isEqualTo("layer layer must have at most one kernel op, but has " + ops + RULE);
    assertThat(siteNames()).isEmpty();
  }

  private Operand<TFloat32> conv(Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return tf.nn.conv2d(x, kernel, STRIDES, "SAME");
  }

  /** A scalar that depends on the input. */
  private Operand<TFloat32> gate(Operand<TFloat32> x) {
    return tf.math.sigmoid(tf.math.mean(x, tf.range(tf.constant(0), tf.rank(x), tf.constant(1))));
  }

  private Operand<TFloat32> other(long... shape) {
    return tf.withName("other").variable(Shape.of(shape), TFloat32.class);
  }

  @Test
  void aKernelWithAGate() {
    Operand<TFloat32> first = kernel(3, 3, 1, 4);
    Operand<TFloat32> second = other(3, 3, 1, 4);
    assertRefused(
        "Conv2d (Conv2D), and Conv2d_1 (Conv2D), whose kernel is computed from data",
        x -> tf.math.add(conv(x, first), conv(x, tf.math.mul(second, gate(x)))),
        image());
  }

  /** The first convolution gives the statistics, the second has them in its kernel. */
  @Test
  void aKernelWithTheStatisticsOfTheBatch() {
    Operand<TFloat32> kernel = kernel(3, 3, 1, 4);
    assertRefused(
        "Conv2d (Conv2D), and Conv2d_1 (Conv2D), whose kernel is computed from data",
        x -> {
          Operand<TFloat32> y = conv(x, kernel);
          Operand<TFloat32> mean = tf.math.mean(y, tf.array(0, 1, 2), Mean.keepDims(true));
          Operand<TFloat32> variance =
              tf.math.mean(tf.math.squaredDifference(y, mean), tf.array(0, 1, 2));
          Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant(1e-3f)));
          return conv(x, tf.math.mul(kernel, scale));
        },
        image());
  }

  @Test
  void aMatrixWithAGate() {
    Operand<TFloat32> first = kernel(4, 4);
    Operand<TFloat32> second = other(4, 4);
    assertRefused(
        "MatMul (MatMul), and MatMul_1 (MatMul), whose kernel is computed from data",
        x ->
            tf.math.add(
                tf.linalg.matMul(x, first), tf.linalg.matMul(x, tf.math.mul(second, gate(x)))),
        matrix());
  }

  @Test
  void aKernelThatIsReshaped() {
    Operand<TFloat32> first = kernel(4, 4);
    Operand<TFloat32> second = other(2, 8);
    assertRefused(
        "MatMul (MatMul), and MatMul_1 (MatMul), whose kernel is computed from data",
        x ->
            tf.math.add(
                tf.linalg.matMul(x, first),
                tf.linalg.matMul(x, tf.reshape(tf.math.mul(gate(x), second), tf.array(4, 4)))),
        matrix());
  }

  @Test
  void aProductOfTwoActivationsIsNoSecondKernelOp() {
    Operand<TFloat32> kernel = kernel(4, 4);
    Operand<TFloat32> bias = other(4);
    build(
        x -> {
          Operand<TFloat32> queries = tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
          Operand<TFloat32> scores =
              tf.nn.softmax(
                  tf.math.mul(
                      tf.linalg.matMul(queries, x, MatMul.transposeB(true)), tf.constant(0.5f)));
          return tf.linalg.matMul(scores, x);
        },
        matrix());

    assertThat(siteNames()).containsAtLeast("layer/SlimQuant/kernel", "layer/SlimQuant/output");
  }

  @Test
  void aProductOfWeightsIsNoSecondKernelOp() {
    Operand<TFloat32> kernel = kernel(4, 4);
    build(
        x ->
            tf.math.add(
                tf.linalg.matMul(x, kernel),
                tf.math.mean(
                    tf.linalg.matMul(kernel, kernel, MatMul.transposeB(true)), tf.array(0, 1))),
        matrix());

    assertThat(siteNames()).contains("layer/SlimQuant/kernel");
  }

  /** It trains as a float, and the plan has a remark that says so. */
  @Test
  void theOnlyKernelIsComputedFromData() {
    Operand<TFloat32> kernel = kernel(3, 3, 1, 4);
    Placeholder<TFloat32> image = image();
    build(x -> conv(x, tf.math.mul(kernel, gate(x))), image);

    assertThat(siteNames()).containsExactly("layer/SlimQuant/output");
    assertThat(quantizer.plan().remarks())
        .containsExactly(
            new Remark(
                "layer/SlimQuant/kernel",
                "no kernel is quantized, because Conv2d (Conv2D) reads none that is computed from"
                    + " variables and constants alone"));
  }

  @Test
  void itIsTheSameWhileCalibrating() {
    Operand<TFloat32> first = kernel(3, 3, 1, 4);
    Operand<TFloat32> second = other(3, 3, 1, 4);
    CalibratingQuantizer calibrating = CalibratingQuantizer.of(graph);
    Placeholder<TFloat32> image = image();
    assertThat(
            assertThrows(
                IllegalStateException.class,
                () ->
                    layer(
                        calibrating,
                        QuantizedLayer.of("layer", Calibrated.signed(8), Calibrated.signed(8)),
                        () ->
                            tf.math.add(
                                conv(calibrating.input(image), first),
                                conv(image, tf.math.mul(second, gate(image)))))))
        .hasMessageThat()
        .endsWith(RULE);
    assertThat(List.of(calibrating.plan().sites())).containsExactly(List.of());
  }
}
