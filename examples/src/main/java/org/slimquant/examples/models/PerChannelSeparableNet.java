package org.slimquant.examples.models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A {@link SeparableNet} whose kernels have a step for each output channel. */
@QuantInt8(perChannel = true)
public class PerChannelSeparableNet extends SeparableNet {

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param training whether batches are normalized by their own statistics
   */
  public PerChannelSeparableNet(Ops tf, long seed, boolean training) {
    super(tf, seed, training);
  }

  @Override
  @QuantInt8
  protected Operand<TFloat32> conv(@QuantInt8 Operand<TFloat32> images) {
    return super.conv(images);
  }

  @Override
  @QuantInt8
  protected Operand<TFloat32> depthwise(
      Operand<TFloat32> features, int block, long channels, long stride) {
    return super.depthwise(features, block, channels, stride);
  }

  @Override
  @QuantInt8
  protected Operand<TFloat32> pointwise(
      Operand<TFloat32> features, int block, long channels, long newChannels) {
    return super.pointwise(features, block, channels, newChannels);
  }

  @Override
  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> features) {
    return super.dense(features);
  }
}
