package org.slimquant.examples.models;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.framework.initializers.TruncatedNormal;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Makes the variables of a model, with initial values that a seed decides.
 *
 * <p>Models that are made with the same seed and ask for the same variables in the same order start
 * from the same values. The rest of their graphs does not matter.
 */
final class SeededVariables {

  private final Ops tf;
  private long seed;

  SeededVariables(Ops tf, long seed) {
    this.tf = tf;
    this.seed = seed;
  }

  /**
   * Returns a new variable for weights, drawn from a normal distribution of variance {@code 2 /
   * fan-in} that is truncated at two standard deviations (He et al., "Delving Deep into
   * Rectifiers", 2015).
   *
   * @param name the variable's name, without a slash, which the optimizer does not accept
   * @param shape the fan-in in all dimensions except the last, which is the fan-out
   */
  Operand<TFloat32> kernel(String name, long... shape) {
    long fanIn = Arrays.stream(shape, 0, shape.length - 1).reduce(1, Math::multiplyExact);
    return normal(name, fanIn, shape);
  }

  /**
   * Returns a new variable for the weights of a depthwise convolution, drawn in the same way, with
   * one kernel for each channel.
   *
   * @param name the variable's name, without a slash, which the optimizer does not accept
   * @param size the width and height of a kernel, whose area is the fan-in
   */
  Operand<TFloat32> depthwiseKernel(String name, long size, long channels) {
    return normal(name, size * size, size, size, channels, 1);
  }

  /**
   * Returns a new variable for the weights of a transposed convolution whose windows do not
   * overlap, drawn in the same way: each output is computed from one place, so the fan-in is {@code
   * channels}.
   *
   * @param name the variable's name, without a slash, which the optimizer does not accept
   * @param size the width and height of the kernel
   */
  Operand<TFloat32> upKernel(String name, long size, long channels, long newChannels) {
    return normal(name, channels, size, size, newChannels, channels);
  }

  private Operand<TFloat32> normal(String name, long fanIn, long... shape) {
    TruncatedNormal<TFloat32> initializer =
        new TruncatedNormal<>(0, Math.sqrt(2.0 / fanIn), seed++);
    return tf.withName(name).variable(initializer.call(tf, tf.constant(shape), TFloat32.class));
  }

  /**
   * Returns a new variable for a bias, all zero.
   *
   * @param name the variable's name, without a slash, which the optimizer does not accept
   */
  Operand<TFloat32> bias(String name, long size) {
    return tf.withName(name).variable(tf.fill(tf.array(size), tf.constant(0f)));
  }
}
