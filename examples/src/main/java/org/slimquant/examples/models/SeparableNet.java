package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.runtime.BatchNorm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A depthwise-separable network for Fashion-MNIST, after MobileNet (A. Howard et al., "MobileNets:
 * Efficient Convolutional Neural Networks for Mobile Vision Applications", 2017):
 *
 * <pre>{@code
 * conv 3x3 ─▶ 4 x (depthwise 3x3 ─▶ pointwise 1x1) ─▶ average ─▶ dense
 * }</pre>
 *
 * <p>A batch normalization follows each convolution. The channels of a depthwise kernel are nearly
 * independent, and may differ much in size, above all after the normalization is folded into them.
 * Here a kernel has one step for all channels. {@link PerChannelSeparableNet} gives each channel
 * its own step.
 */
public class SeparableNet {

  private final Ops tf;
  private final SeededVariables weights;
  private final boolean training;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param training whether batches are normalized by their own statistics
   */
  public SeparableNet(Ops tf, long seed, boolean training) {
    this.tf = tf;
    this.weights = new SeededVariables(tf, seed);
    this.training = training;
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, 28, 28, 1]}, multiples of 1/256 below 1
   * @return a score for each class, {@code [batch, 10]}
   */
  public Operand<TFloat32> logits(Operand<TFloat32> images) {
    Operand<TFloat32> features = conv(images);
    features = pointwise(depthwise(features, 1, 16, 1), 1, 16, 32);
    features = pointwise(depthwise(features, 2, 32, 2), 2, 32, 64);
    features = pointwise(depthwise(features, 3, 64, 1), 3, 64, 64);
    features = pointwise(depthwise(features, 4, 64, 1), 4, 64, 64);
    return dense(average(features));
  }

  @QuantInt8
  protected Operand<TFloat32> conv(@QuantInt8 Operand<TFloat32> images) {
    Operand<TFloat32> kernel = weights.kernel("conv_kernel", 3, 3, 1, 16);
    return activate("conv", tf.nn.conv2d(images, kernel, strides(2), "SAME"), 16);
  }

  @QuantInt8
  protected Operand<TFloat32> depthwise(
      Operand<TFloat32> features, int block, long channels, long stride) {
    String name = "depthwise" + block;
    Operand<TFloat32> kernel = weights.depthwiseKernel(name + "_kernel", 3, channels);
    return activate(
        name, tf.nn.depthwiseConv2dNative(features, kernel, strides(stride), "SAME"), channels);
  }

  @QuantInt8
  protected Operand<TFloat32> pointwise(
      Operand<TFloat32> features, int block, long channels, long newChannels) {
    String name = "pointwise" + block;
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", 1, 1, channels, newChannels);
    return activate(name, tf.nn.conv2d(features, kernel, strides(1), "SAME"), newChannels);
  }

  @QuantInt8
  protected Operand<TFloat32> average(Operand<TFloat32> features) {
    return tf.math.mean(features, tf.array(1, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense_kernel", 64, 10);
    Operand<TFloat32> bias = weights.bias("dense_bias", 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }

  private Operand<TFloat32> activate(String layer, Operand<TFloat32> sums, long channels) {
    return tf.nn.relu6(new BatchNorm(tf, layer, channels).apply(sums, training));
  }

  private static List<Long> strides(long stride) {
    return List.of(1L, stride, stride, 1L);
  }
}
