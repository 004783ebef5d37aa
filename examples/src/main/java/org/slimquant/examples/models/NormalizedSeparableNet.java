package org.slimquant.examples.models;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/**
 * A {@link SeparableNet} for training, with a batch normalization instead of a bias after each
 * convolution (S. Ioffe and C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by
 * Reducing Internal Covariate Shift", 2015).
 *
 * <p>It always normalizes by the mean and the variance of the current batch. After training, its
 * normalizations are folded into the kernels and biases of a {@code SeparableNet}. The channels of
 * the resulting kernels differ much.
 */
public final class NormalizedSeparableNet extends SeparableNet {

  /** The number that is added to variances. */
  public static final float EPSILON = 1e-3f;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   */
  public NormalizedSeparableNet(Ops tf, long seed) {
    super(tf, seed);
  }

  @Override
  Operand<TFloat32> normalize(String layer, Operand<TFloat32> sums, long channels) {
    Operand<TFloat32> computed = tf.fill(tf.array(0), tf.constant(0f));
    return tf.withName(layer + "_norm")
        .nn
        .fusedBatchNorm(
            sums,
            weights.scale(layer + "_scale", channels),
            weights.bias(layer + "_offset", channels),
            computed,
            computed,
            FusedBatchNorm.isTraining(true),
            FusedBatchNorm.epsilon(EPSILON))
        .y();
  }
}
