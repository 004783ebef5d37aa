package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.runtime.BatchNorm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A network that finds the pixels of an item in an image, and the class of the item, after the
 * U-Net (O. Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation",
 * 2015):
 *
 * <pre>{@code
 * images ─▶ first ─┬─────────────────────────────────────────────────▶ join ─▶ decode1 ─▶ mask
 *                  └─▶ pool ─▶ encode ─┬──────────────▶ join ─▶ decode2 ─▶ up ──▲
 *                                      └─▶ pool ─▶ bottom ─┬─▶ up ──▲
 *                                                          └─▶ average ─▶ dense
 * }</pre>
 *
 * <p>{@code up} is a transposed convolution, which doubles rows and columns. The model has two
 * outputs.
 */
@QuantInt8(perChannel = true)
public class SegmentationNet {

  /**
   * The outputs of the model.
   *
   * @param mask a score for each pixel, {@code [batch, 28, 28, 1]}, above 0 where the item is
   * @param logits a score for each class, {@code [batch, 10]}
   */
  public record Scores(Operand<TFloat32> mask, Operand<TFloat32> logits) {}

  private final Ops tf;
  private final SeededVariables weights;
  private final boolean training;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param training whether batches are normalized by their own statistics
   */
  public SegmentationNet(Ops tf, long seed, boolean training) {
    this.tf = tf;
    this.weights = new SeededVariables(tf, seed);
    this.training = training;
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, 28, 28, 1]}, multiples of 1/256 below 1
   */
  public Scores scores(Operand<TFloat32> images) {
    Operand<TFloat32> fine = first(images);
    Operand<TFloat32> coarse = features(pool(fine), "encode", 8, 16);
    Operand<TFloat32> bottom = features(pool(coarse), "bottom", 16, 32);
    Operand<TFloat32> middle = features(join(coarse, up(bottom, 2, 14, 32, 16)), "decode2", 32, 16);
    Operand<TFloat32> decoded = features(join(fine, up(middle, 1, 28, 16, 8)), "decode1", 16, 8);
    return new Scores(mask(decoded), dense(average(bottom)));
  }

  @QuantInt8
  protected Operand<TFloat32> first(@QuantInt8 Operand<TFloat32> images) {
    return convolution("first", images, 1, 8);
  }

  @QuantInt8
  protected Operand<TFloat32> features(
      Operand<TFloat32> features, String name, long channels, long newChannels) {
    return convolution(name, features, channels, newChannels);
  }

  @QuantInt8
  protected Operand<TFloat32> up(
      Operand<TFloat32> features, int level, int side, long channels, long newChannels) {
    String name = "up" + level;
    Operand<TFloat32> kernel = weights.upKernel(name + "_kernel", 2, channels, newChannels);
    Operand<TFloat32> bias = weights.bias(name + "_bias", newChannels);
    Operand<TInt32> batch = tf.slice(tf.shape(features), tf.array(0), tf.array(1));
    Operand<TInt32> size =
        tf.concat(
            List.of(batch, tf.array(side, side, Math.toIntExact(newChannels))), tf.constant(0));
    Operand<TFloat32> sums =
        tf.nn.conv2dBackpropInput(size, kernel, features, List.of(1L, 2L, 2L, 1L), "VALID");
    return tf.nn.relu(tf.nn.biasAdd(sums, bias));
  }

  @QuantInt8
  protected Operand<TFloat32> join(Operand<TFloat32> left, Operand<TFloat32> right) {
    return tf.concat(List.of(left, right), tf.constant(-1));
  }

  @QuantInt8
  protected Operand<TFloat32> mask(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("mask_kernel", 1, 1, 8, 1);
    Operand<TFloat32> sums = tf.nn.conv2d(features, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
    return tf.nn.biasAdd(sums, weights.bias("mask_bias", 1));
  }

  @QuantInt8
  protected Operand<TFloat32> average(Operand<TFloat32> features) {
    return tf.math.mean(features, tf.array(1, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense_kernel", 32, 10);
    Operand<TFloat32> bias = weights.bias("dense_bias", 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }

  private Operand<TFloat32> convolution(
      String name, Operand<TFloat32> x, long channels, long newChannels) {
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", 3, 3, channels, newChannels);
    Operand<TFloat32> sums = tf.nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
    return tf.nn.relu(new BatchNorm(tf, name, newChannels).apply(sums, training));
  }

  private Operand<TFloat32> pool(Operand<TFloat32> features) {
    return tf.nn.maxPool(features, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "VALID");
  }
}
