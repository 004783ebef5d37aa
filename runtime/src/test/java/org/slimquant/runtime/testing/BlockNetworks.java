package org.slimquant.runtime.testing;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.Arrays;
import java.util.List;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.CalibrationMethod;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.Calibrated;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Networks of residual blocks, calibrated, and built with a plan. */
public final class BlockNetworks {

  public static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);
  public static final Calibrated INT8 = Calibrated.signed(8);

  private BlockNetworks() {}

  /** A network of residual blocks of one shape, written as a user writes it. */
  public static class Network {
    public final Ops tf;
    public final GraphQuantizer quantizer;
    public final String suffix;
    public boolean training;

    public Network(Ops tf, GraphQuantizer quantizer) {
      this(tf, quantizer, "");
    }

    public Network(Ops tf, GraphQuantizer quantizer, String suffix) {
      this.tf = tf;
      this.quantizer = quantizer;
      this.suffix = suffix;
    }

    public Operand<TFloat32> weights(String name, long... shape) {
      return tf.withName(name + suffix)
          .variable(tf.withInitScope().zeros(tf.withInitScope().constant(shape), TFloat32.class));
    }

    public Operand<TFloat32> conv(Operand<TFloat32> x, String kernel, long channels) {
      return layer(
          quantizer,
          QuantizedLayer.of("conv", INT8, INT8),
          () -> {
            Operand<TFloat32> weights = weights(kernel, 3, 3, x.shape().get(3), channels);
            Operand<TFloat32> sum = tf.nn.conv2d(quantizer.input(x), weights, STRIDES, "SAME");
            if (training) {
              // Batch normalization with the statistics of the batch, then dropout.
              sum = tf.math.mul(sum, tf.reduceMax(sum, tf.array(0, 1, 2)));
              sum = tf.math.add(sum, tf.variable(tf.withInitScope().constant(0f)));
            }
            return dropout(tf.nn.relu(sum));
          });
    }

    public Operand<TFloat32> dropout(Operand<TFloat32> y) {
      if (!training) {
        return y;
      }
      Operand<TFloat32> random = tf.random.randomUniform(tf.shape(y), TFloat32.class);
      return tf.math.mul(
          y, tf.dtypes.cast(tf.math.greaterEqual(random, tf.constant(0.5f)), TFloat32.class));
    }

    public Operand<TFloat32> add(Operand<TFloat32> x, Operand<TFloat32> y) {
      return layer(
          quantizer,
          QuantizedLayer.of("add", INT8, INT8),
          () -> tf.nn.relu(tf.math.add(quantizer.input(x), quantizer.input(y))));
    }

    public Operand<TFloat32> block(Operand<TFloat32> x, int number) {
      return add(conv(x, "block%d_kernel".formatted(number), 4), x);
    }

    public Operand<TFloat32> head(Operand<TFloat32> x) {
      return layer(
          quantizer,
          QuantizedLayer.of("dense", INT8, INT8),
          () ->
              tf.linalg.matMul(
                  tf.math.mean(quantizer.input(x), tf.array(1, 2)), weights("head_kernel", 4, 3)));
    }

    public Operand<TFloat32> logits(Operand<TFloat32> images, int... blocks) {
      Operand<TFloat32> x = images;
      for (int block : blocks) {
        x = block(x, block);
      }
      return head(x);
    }
  }

  /** Builds a model with a network's layers, and returns its output. */
  public interface Model {
    Operand<TFloat32> of(Network network);
  }

  public static Placeholder<TFloat32> images(Ops tf, String name, long... shape) {
    return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
  }

  public static Operand<TFloat32> threeBlocks(Network network) {
    return network.logits(images(network.tf, "images", -1, 8, 8, 4), 1, 2, 3);
  }

  public static QuantizationPlan calibrate(Model build) {
    return statistics(build).plan(CalibrationMethod.MIN_MSE);
  }

  public static CalibrationStatistics statistics(Model build) {
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      build.of(new Network(Ops.create(graph), quantizer));
      float[] pixels = new float[256];
      Arrays.fill(pixels, 0.5f);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(1, 8, 8, 4), pixels)) {
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed("images", batch));
        return calibrator.statistics();
      }
    }
  }

  /** Builds a network with a plan, and with a quantizer that probes. */
  public static void build(QuantizationPlan plan, Model build) {
    try (Graph graph = new Graph()) {
      build.of(new Network(Ops.create(graph), GraphQuantizer.fakeQuant(graph, plan)));
    }
    try (Graph graph = new Graph()) {
      build.of(new Network(Ops.create(graph), ProbingQuantizer.of(graph, plan)));
    }
  }

  public static String refusal(QuantizationPlan plan, Model build) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> build(plan, build)).getMessage());
    String remedy =
        "; calibrate the model again, or pin the names of its calls with GraphQuantizer.named before"
            + " you do, so that other calls do not change them";
    assertThat(message).endsWith(remedy);
    return message.substring(0, message.length() - remedy.length());
  }
}
