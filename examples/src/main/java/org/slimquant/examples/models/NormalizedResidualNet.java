package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.runtime.BatchNorm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A residual network with batch normalizations for Fashion-MNIST (K. He et al., "Deep Residual
 * Learning for Image Recognition", 2016):
 *
 * <pre>{@code
 * conv 3x3 ─▶ 3 blocks ─▶ average ─▶ dense
 *
 * block:  ─┬─▶ inner 3x3 ─▶ outer 3x3 ─▶ sum ─▶
 *          └─▶ (shortcut 1x1) ────────────▲
 * }</pre>
 *
 * <p>A batch normalization follows each convolution. The first block keeps rows, columns and
 * channels, so the input of the block itself is added. The other two have a shortcut with a stride
 * of 2.
 */
@QuantInt8(perChannel = true)
public class NormalizedResidualNet {

  private final Ops tf;
  private final SeededVariables weights;
  private final boolean training;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param training whether batches are normalized by their own statistics
   */
  public NormalizedResidualNet(Ops tf, long seed, boolean training) {
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
    features = sum(features, outer(inner(features, 1, 16, 16, 1), 1, 16));
    features = sum(shortcut(features, 2, 16, 32), outer(inner(features, 2, 16, 32, 2), 2, 32));
    features = sum(shortcut(features, 3, 32, 64), outer(inner(features, 3, 32, 64, 2), 3, 64));
    return dense(average(features));
  }

  @QuantInt8
  protected Operand<TFloat32> conv(@QuantInt8 Operand<TFloat32> images) {
    return tf.nn.relu(convolution("conv", images, 3, 1, 16, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> inner(
      Operand<TFloat32> features, int block, long channels, long newChannels, long stride) {
    return tf.nn.relu(convolution("inner" + block, features, 3, channels, newChannels, stride));
  }

  @QuantInt8
  protected Operand<TFloat32> outer(Operand<TFloat32> features, int block, long channels) {
    return convolution("outer" + block, features, 3, channels, channels, 1);
  }

  @QuantInt8
  protected Operand<TFloat32> shortcut(
      Operand<TFloat32> features, int block, long channels, long newChannels) {
    return convolution("shortcut" + block, features, 1, channels, newChannels, 2);
  }

  @QuantInt8
  protected Operand<TFloat32> sum(Operand<TFloat32> features, Operand<TFloat32> branch) {
    return tf.nn.relu(tf.math.add(features, branch));
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
    Operand<TFloat32> sums = tf.nn.conv2d(x, kernel, List.of(1L, stride, stride, 1L), "SAME");
    return new BatchNorm(tf, name, newChannels).apply(sums, training);
  }
}
