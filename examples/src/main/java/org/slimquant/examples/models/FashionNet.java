package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A convolutional network for Fashion-MNIST.
 *
 * <p>A ReLU returns no negative values, so calibration chooses unsigned codes, which use all 256
 * for the other values. The images have no negative values either, and their pixels are the codes.
 *
 * <p>The pooling belongs to the convolution's layer. The largest of the rounded numbers is the
 * rounded largest number, so the pooling may come before or after the fake quant. After the
 * pooling, the fake quant rounds a quarter of the elements.
 */
public class FashionNet {

  private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  private final Ops tf;
  private final SeededVariables weights;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   */
  public FashionNet(Ops tf, long seed) {
    this.tf = tf;
    this.weights = new SeededVariables(tf, seed);
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, 28, 28, 1]}, multiples of 1/256 below 1
   * @return a score for each class, {@code [batch, 10]}
   */
  public Operand<TFloat32> logits(Operand<TFloat32> images) {
    return dense2(dense1(tf.reshape(conv2(conv1(images)), tf.array(-1, 1568))));
  }

  @QuantInt8
  protected Operand<TFloat32> conv1(@QuantInt8 Operand<TFloat32> images) {
    Operand<TFloat32> kernel = weights.kernel("conv1_kernel", 3, 3, 1, 16);
    Operand<TFloat32> bias = weights.bias("conv1_bias", 16);
    return pool(tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(images, kernel, STRIDES, "SAME"), bias)));
  }

  @QuantInt8
  protected Operand<TFloat32> conv2(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("conv2_kernel", 3, 3, 16, 32);
    Operand<TFloat32> bias = weights.bias("conv2_bias", 32);
    return pool(tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(features, kernel, STRIDES, "SAME"), bias)));
  }

  @QuantInt8
  protected Operand<TFloat32> dense1(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense1_kernel", 1568, 128);
    Operand<TFloat32> bias = weights.bias("dense1_bias", 128);
    return tf.nn.relu(tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias));
  }

  @QuantInt8
  protected Operand<TFloat32> dense2(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense2_kernel", 128, 10);
    Operand<TFloat32> bias = weights.bias("dense2_bias", 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }

  private Operand<TFloat32> pool(Operand<TFloat32> features) {
    return tf.nn.maxPool(features, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "VALID");
  }
}
