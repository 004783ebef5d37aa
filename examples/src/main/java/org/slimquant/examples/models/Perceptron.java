package org.slimquant.examples.models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Two dense layers for handwritten digits, without a single {@code frac}, because calibration finds
 * the formats. Each unit of the first layer has a step of its own.
 */
public class Perceptron {

  private final Ops tf;
  private final SeededVariables weights;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   */
  public Perceptron(Ops tf, long seed) {
    this.tf = tf;
    this.weights = new SeededVariables(tf, seed);
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, 8, 8, 1]}
   * @return a score for each digit, {@code [batch, 10]}
   */
  public Operand<TFloat32> logits(Operand<TFloat32> images) {
    return dense2(dense1(tf.reshape(images, tf.array(-1, 64))));
  }

  @QuantInt8(perChannel = true)
  protected Operand<TFloat32> dense1(@QuantInt8 Operand<TFloat32> pixels) {
    Operand<TFloat32> kernel = weights.kernel("dense1_kernel", 64, 48);
    Operand<TFloat32> bias = weights.bias("dense1_bias", 48);
    return tf.nn.relu(tf.nn.biasAdd(tf.linalg.matMul(pixels, kernel), bias));
  }

  @QuantInt8
  protected Operand<TFloat32> dense2(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense2_kernel", 48, 10);
    Operand<TFloat32> bias = weights.bias("dense2_bias", 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }
}
