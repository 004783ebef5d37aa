package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.runtime.BatchNorm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Inverted residuals with linear bottlenecks for Fashion-MNIST, after MobileNetV2 (M. Sandler et
 * al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018):
 *
 * <pre>{@code
 * conv 3x3 ─▶ 4 blocks ─▶ head 1x1 ─▶ average ─▶ dense
 *
 * block:  ─┬─▶ expand 1x1 ─▶ depthwise 3x3 ─▶ project 1x1 ─▶ (sum) ─▶
 *          └─────────────────────────────────────────────────▲
 * }</pre>
 *
 * <p>A batch normalization follows each convolution, and ReLU6 each of them except {@code project}.
 * A block that keeps rows, columns and channels adds its input.
 */
@QuantInt8(perChannel = true)
public class InvertedResidualNet {

  private static final long EXPANSION = 4;

  private final Ops tf;
  private final SeededVariables weights;
  private final boolean training;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param training whether batches are normalized by their own statistics
   */
  public InvertedResidualNet(Ops tf, long seed, boolean training) {
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
    features = sum(features, bottleneck(features, 1, 16, 16, 1));
    features = bottleneck(features, 2, 16, 24, 2);
    features = sum(features, bottleneck(features, 3, 24, 24, 1));
    features = bottleneck(features, 4, 24, 32, 2);
    return dense(average(head(features)));
  }

  private Operand<TFloat32> bottleneck(
      Operand<TFloat32> features, int block, long channels, long newChannels, long stride) {
    long wide = EXPANSION * channels;
    return project(
        depthwise(expand(features, block, channels, wide), block, wide, stride),
        block,
        wide,
        newChannels);
  }

  @QuantInt8
  protected Operand<TFloat32> conv(@QuantInt8 Operand<TFloat32> images) {
    return tf.nn.relu6(convolution("conv", images, 3, 1, 16, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> expand(
      Operand<TFloat32> features, int block, long channels, long newChannels) {
    return tf.nn.relu6(convolution("expand" + block, features, 1, channels, newChannels, 1));
  }

  @QuantInt8
  protected Operand<TFloat32> depthwise(
      Operand<TFloat32> features, int block, long channels, long stride) {
    String name = "depthwise" + block;
    Operand<TFloat32> kernel = weights.depthwiseKernel(name + "_kernel", 3, channels);
    Operand<TFloat32> sums = tf.nn.depthwiseConv2dNative(features, kernel, strides(stride), "SAME");
    return tf.nn.relu6(new BatchNorm(tf, name, channels).apply(sums, training));
  }

  @QuantInt8
  protected Operand<TFloat32> project(
      Operand<TFloat32> features, int block, long channels, long newChannels) {
    return convolution("project" + block, features, 1, channels, newChannels, 1);
  }

  @QuantInt8
  protected Operand<TFloat32> sum(Operand<TFloat32> features, Operand<TFloat32> branch) {
    return tf.math.add(features, branch);
  }

  @QuantInt8
  protected Operand<TFloat32> head(Operand<TFloat32> features) {
    return tf.nn.relu6(convolution("head", features, 1, 32, 64, 1));
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

  private Operand<TFloat32> convolution(
      String name, Operand<TFloat32> x, long size, long channels, long newChannels, long stride) {
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", size, size, channels, newChannels);
    Operand<TFloat32> sums = tf.nn.conv2d(x, kernel, strides(stride), "SAME");
    return new BatchNorm(tf, name, newChannels).apply(sums, training);
  }

  private static List<Long> strides(long stride) {
    return List.of(1L, stride, stride, 1L);
  }
}
