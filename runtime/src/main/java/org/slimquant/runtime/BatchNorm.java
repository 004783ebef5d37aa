package org.slimquant.runtime;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignSub;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/**
 * A batch normalization with moving statistics, for models in graphs (S. Ioffe and C. Szegedy,
 * "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
 * 2015).
 *
 * <pre>{@code
 * @QuantInt8
 * protected Operand<TFloat32> conv(Operand<TFloat32> images) {
 *   Operand<TFloat32> sums = tf.nn.conv2d(images, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
 *   return tf.nn.relu(new BatchNorm(tf, "conv", 32).apply(sums, training));
 * }
 * }</pre>
 *
 * <p>With μ and σ² the mean and the variance of a channel over a batch, {@code y = (x - μ) · γ /
 * √(σ² + ε) + β}. Every run of a graph for training that computes y also updates the moving
 * statistics: {@code m -= (m - μ) · (1 - momentum)}. A graph for inference normalizes by the moving
 * statistics, which are never trained by an optimizer. The variables are {@code <name>_gamma},
 * {@code _beta}, {@code _mean} and {@code _variance}, the same in both graphs, so one checkpoint
 * fits both.
 *
 * <p>It is made of TensorFlow's ops alone, and needs no quantizer. In a layer of a quantized model
 * it is folded into the layer's kernel and bias, as any batch normalization is.
 */
public final class BatchNorm {

  private static final float MOMENTUM = 0.99f;
  private static final float EPSILON = 1e-3f;

  private final Ops tf;
  private final String name;
  private final long channels;
  private final float momentum;
  private final float epsilon;
  private final Variable<TFloat32> gamma;
  private final Variable<TFloat32> beta;
  private final Variable<TFloat32> mean;
  private final Variable<TFloat32> variance;

  /**
   * Adds the variables of a normalization with momentum 0.99 and ε = 0.001, as Keras has them.
   *
   * @param tf the graph to build in
   * @param name the first part of the names of its variables
   * @param channels the number of channels, the last axis of the tensors that it normalizes
   */
  public BatchNorm(Ops tf, String name, long channels) {
    this(tf, name, channels, MOMENTUM, EPSILON);
  }

  /**
   * Adds the variables of a normalization.
   *
   * @param tf the graph to build in
   * @param name the first part of the names of its variables
   * @param channels the number of channels, the last axis of the tensors that it normalizes
   * @param momentum the share of a moving statistic that is left after a step, 0 to 1
   * @param epsilon the number that is added to variances, more than 0: a channel that is the same
   *     everywhere has variance 0
   * @throws IllegalArgumentException if a number is out of its range
   */
  public BatchNorm(Ops tf, String name, long channels, float momentum, float epsilon) {
    require(name, channels > 0, "at least 1 channel", channels);
    require(name, momentum >= 0 && momentum <= 1, "a momentum from 0 to 1", momentum);
    require(name, epsilon > 0 && Float.isFinite(epsilon), "an epsilon above 0", epsilon);
    this.tf = tf;
    this.name = name;
    this.channels = channels;
    this.momentum = momentum;
    this.epsilon = epsilon;
    gamma = variable("gamma", 1);
    beta = variable("beta", 0);
    mean = variable("mean", 0);
    variance = variable("variance", 1);
  }

  private static void require(String name, boolean holds, String rule, Object fact) {
    if (!holds) {
      throw new IllegalArgumentException(
          "batch normalization %s must have %s, but has %s".formatted(name, rule, fact));
    }
  }

  private Variable<TFloat32> variable(String part, float value) {
    return tf.withName("%s_%s".formatted(name, part))
        .variable(tf.fill(tf.array(channels), tf.constant(value)));
  }

  /**
   * Adds the ops that normalize a tensor.
   *
   * @param sums a tensor of shape {@code [batch, channels]}, {@code [batch, time, channels]} or
   *     {@code [batch, rows, columns, channels]}
   * @param training whether the graph is one for training
   * @return the normalized tensor, of the same shape
   * @throws IllegalArgumentException if the tensor has another rank or number of channels
   */
  public Operand<TFloat32> apply(Operand<TFloat32> sums, boolean training) {
    int rank = sums.shape().numDimensions();
    require(name, rank >= 2 && rank <= 4, "a tensor of 2 to 4 axes", sums.shape());
    long last = sums.shape().get(rank - 1);
    require(name, last == channels, "a tensor with %d channels".formatted(channels), sums.shape());
    return switch (rank) {
      case 2 ->
          tf.reshape(
              normalize(tf.reshape(sums, tf.array(-1L, 1L, 1L, channels)), training),
              tf.array(-1L, channels));
      case 3 ->
          tf.squeeze(
              normalize(tf.expandDims(sums, tf.constant(1)), training), Squeeze.axis(List.of(1L)));
      default -> normalize(sums, training);
    };
  }

  private Operand<TFloat32> normalize(Operand<TFloat32> images, boolean training) {
    if (!training) {
      return fused(images, tf.stopGradient(mean), tf.stopGradient(variance), false).y();
    }
    Operand<TFloat32> computed = tf.fill(tf.array(0), tf.constant(0f));
    FusedBatchNorm<TFloat32, TFloat32> batch = fused(images, computed, computed, true);
    List<Op> updates =
        List.of(update(mean, batch.batchMean()), update(variance, batch.batchVariance()));
    return tf.withControlDependencies(updates).identity(batch.y());
  }

  private FusedBatchNorm<TFloat32, TFloat32> fused(
      Operand<TFloat32> images,
      Operand<TFloat32> usedMean,
      Operand<TFloat32> usedVariance,
      boolean training) {
    return tf.nn.fusedBatchNorm(
        images,
        gamma,
        offset(),
        usedMean,
        usedVariance,
        FusedBatchNorm.isTraining(training),
        FusedBatchNorm.epsilon(epsilon));
  }

  /**
   * Returns β, computed from the moving statistics, too, with gradients of 0. An optimizer of
   * TensorFlow Java takes all variables of a graph, and refuses those that the loss does not depend
   * on.
   */
  private Operand<TFloat32> offset() {
    return tf.math.add(beta, tf.math.mul(tf.constant(0f), tf.math.add(mean, variance)));
  }

  private AssignSub<TFloat32> update(Variable<TFloat32> moving, Operand<TFloat32> batch) {
    return tf.assignSub(moving, tf.math.mul(tf.math.sub(moving, batch), tf.constant(1 - momentum)));
  }
}
