package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.runtime.BatchNorm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Inverted residuals with squeeze-and-excite and hard-swish for Fashion-MNIST, after the small
 * MobileNetV3 (A. Howard et al., "Searching for MobileNetV3", 2019):
 *
 * <pre>{@code
 * conv 3x3 ─▶ 3 blocks ─▶ head 1x1 ─▶ average ─▶ dense
 *
 * block:  ─┬─▶ expand 1x1 ─▶ depthwise 3x3 ─┬──────────────────────────▶ excite ─▶ project 1x1 ─▶ (sum) ─▶
 *          │                                └─▶ squeeze ─▶ reduce ─▶ gate ──▲                        ▲
 *          └─────────────────────────────────────────────────────────────────────────────────────────┘
 * }</pre>
 *
 * <p>A batch normalization follows each convolution. The gate has one number for each channel, from
 * 0 to 1, by which {@code excite} multiplies all places of the channel. Hard-swish is {@code x ·
 * relu6(x + 3) / 6}, and the gate's hard-sigmoid is {@code relu6(x + 3) / 6}. As integers, both are
 * tables.
 */
@QuantInt8(perChannel = true)
public class SqueezeExciteNet {

  private final Ops tf;
  private final SeededVariables weights;
  private final boolean training;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param training whether batches are normalized by their own statistics
   */
  public SqueezeExciteNet(Ops tf, long seed, boolean training) {
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
    features = block(features, 1, 16, 48, 24, 2);
    features = sum(features, block(features, 2, 24, 64, 24, 1));
    features = block(features, 3, 24, 72, 32, 2);
    return dense(average(head(features)));
  }

  private Operand<TFloat32> block(
      Operand<TFloat32> features,
      int block,
      long channels,
      long wide,
      long newChannels,
      long stride) {
    Operand<TFloat32> filtered =
        depthwise(expand(features, block, channels, wide), block, wide, stride);
    Operand<TFloat32> gates = gate(reduce(squeeze(filtered), block, wide), block, wide);
    Operand<TFloat32> excited = excite(filtered, tf.reshape(gates, tf.array(-1L, 1L, 1L, wide)));
    return project(excited, block, wide, newChannels);
  }

  @QuantInt8
  protected Operand<TFloat32> conv(@QuantInt8 Operand<TFloat32> images) {
    return hardSwish(convolution("conv", images, 3, 1, 16, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> expand(
      Operand<TFloat32> features, int block, long channels, long newChannels) {
    return hardSwish(convolution("expand" + block, features, 1, channels, newChannels, 1));
  }

  @QuantInt8
  protected Operand<TFloat32> depthwise(
      Operand<TFloat32> features, int block, long channels, long stride) {
    String name = "depthwise" + block;
    Operand<TFloat32> kernel = weights.depthwiseKernel(name + "_kernel", 3, channels);
    Operand<TFloat32> sums = tf.nn.depthwiseConv2dNative(features, kernel, strides(stride), "SAME");
    return hardSwish(new BatchNorm(tf, name, channels).apply(sums, training));
  }

  @QuantInt8
  protected Operand<TFloat32> squeeze(Operand<TFloat32> features) {
    return mean(features);
  }

  @QuantInt8
  protected Operand<TFloat32> reduce(Operand<TFloat32> means, int block, long channels) {
    return tf.nn.relu(product("reduce" + block, means, channels, channels / 4));
  }

  @QuantInt8
  protected Operand<TFloat32> gate(Operand<TFloat32> reduced, int block, long channels) {
    return hardSigmoid(product("gate" + block, reduced, channels / 4, channels));
  }

  @QuantInt8
  protected Operand<TFloat32> excite(Operand<TFloat32> features, Operand<TFloat32> gates) {
    return tf.math.mul(features, gates);
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
    return hardSwish(convolution("head", features, 1, 32, 64, 1));
  }

  @QuantInt8
  protected Operand<TFloat32> average(Operand<TFloat32> features) {
    return mean(features);
  }

  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> features) {
    return product("dense", features, 64, 10);
  }

  private Operand<TFloat32> product(String name, Operand<TFloat32> x, long size, long newSize) {
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", size, newSize);
    Operand<TFloat32> bias = weights.bias(name + "_bias", newSize);
    return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
  }

  private Operand<TFloat32> convolution(
      String name, Operand<TFloat32> x, long size, long channels, long newChannels, long stride) {
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", size, size, channels, newChannels);
    Operand<TFloat32> sums = tf.nn.conv2d(x, kernel, strides(stride), "SAME");
    return new BatchNorm(tf, name, newChannels).apply(sums, training);
  }

  private Operand<TFloat32> mean(Operand<TFloat32> features) {
    return tf.math.mean(features, tf.array(1, 2));
  }

  private Operand<TFloat32> hardSwish(Operand<TFloat32> x) {
    return tf.math.mul(x, hardSigmoid(x));
  }

  private Operand<TFloat32> hardSigmoid(Operand<TFloat32> x) {
    return tf.math.mul(tf.nn.relu6(tf.math.add(x, tf.constant(3f))), tf.constant(1 / 6f));
  }

  private static List<Long> strides(long stride) {
    return List.of(1L, stride, stride, 1L);
  }
}
