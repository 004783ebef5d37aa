package org.slimquant.runtime.normalization;

import static org.slimquant.runtime.normalization.NormalizedLayer.CHANNELS;

import java.util.List;
import java.util.function.BiFunction;
import org.slimquant.runtime.normalization.NormalizedLayer.Body;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/** Layers with a batch normalization by known statistics, as graphs have them. */
enum Normalization {
  FUSED(
      (layer, x) -> {
        Ops tf = layer.tf;
        return tf.nn
            .fusedBatchNorm(
                conv(layer, x),
                gamma(layer),
                beta(layer),
                mean(layer),
                variance(layer),
                FusedBatchNorm.isTraining(false),
                FusedBatchNorm.epsilon(1e-3f))
            .y();
      }),
  FUSED_WITH_BIAS(
      (layer, x) ->
          layer
              .tf
              .nn
              .fusedBatchNorm(
                  layer.tf.nn.biasAdd(conv(layer, x), layer.variable("bias", 0, 1, CHANNELS)),
                  gamma(layer),
                  beta(layer),
                  mean(layer),
                  variance(layer),
                  FusedBatchNorm.isTraining(false))
              .y()),
  IN_THE_ORDER_OF_THE_PAPER(
      (layer, x) -> {
        Ops tf = layer.tf;
        Operand<TFloat32> centred = tf.math.sub(conv(layer, x), mean(layer));
        Operand<TFloat32> normal = tf.math.mul(centred, inverse(layer));
        return tf.math.add(tf.math.mul(normal, gamma(layer)), beta(layer));
      }),
  AS_TF_NN_BATCH_NORMALIZATION(
      (layer, x) -> {
        Ops tf = layer.tf;
        Operand<TFloat32> scale = tf.math.mul(inverse(layer), gamma(layer));
        Operand<TFloat32> shift = tf.math.sub(beta(layer), tf.math.mul(mean(layer), scale));
        return tf.math.add(tf.math.mul(conv(layer, x), scale), shift);
      }),
  DIVIDED_BY_THE_DEVIATION(
      (layer, x) -> {
        Ops tf = layer.tf;
        Operand<TFloat32> deviation =
            tf.math.sqrt(tf.math.add(variance(layer), tf.constant(1e-3f)));
        return tf.math.div(tf.math.sub(conv(layer, x), mean(layer)), deviation);
      }),
  WITHOUT_GAMMA(
      (layer, x) -> {
        Ops tf = layer.tf;
        return tf.math.add(
            tf.math.mul(tf.math.sub(conv(layer, x), mean(layer)), inverse(layer)), beta(layer));
      }),
  SUBTRACTED_FROM_A_VECTOR(
      (layer, x) ->
          layer.tf.math.sub(beta(layer), layer.tf.math.mul(gamma(layer), conv(layer, x)))),
  SCALED_BY_A_NUMBER(
      (layer, x) ->
          layer.tf.math.add(
              layer.tf.math.mul(layer.tf.constant(0.2f), conv(layer, x)), layer.tf.constant(0.5f))),
  SCALED_TWICE_BY_ONE_VECTOR(
      (layer, x) -> {
        Operand<TFloat32> gamma = gamma(layer);
        return layer.tf.math.add(
            layer.tf.math.mul(layer.tf.math.mul(conv(layer, x), gamma), gamma), beta(layer));
      }),
  VECTOR_OF_FOUR_AXES(
      (layer, x) ->
          layer.tf.math.mul(conv(layer, x), layer.variable("gamma", 1, 1, 1, 1, 1, CHANNELS))),
  AFTER_A_DEPTHWISE_CONVOLUTION(
      (layer, x) -> {
        Ops tf = layer.tf;
        Operand<TFloat32> sums =
            tf.nn.depthwiseConv2dNative(
                x, layer.variable("kernel", 0, 0.3f, 3, 3, 3, 2), List.of(1L, 1L, 1L, 1L), "SAME");
        return tf.math.add(tf.math.mul(sums, gamma(layer)), beta(layer));
      }),
  AFTER_A_DILATED_CONVOLUTION(
      (layer, x) -> {
        Ops tf = layer.tf;
        Operand<TFloat32> spaced =
            tf.spaceToBatchNd(x, tf.array(2, 2), tf.constant(new int[][] {{2, 2}, {2, 2}}));
        Operand<TFloat32> sums =
            tf.nn.conv2d(
                spaced,
                layer.variable("kernel", 0, 0.3f, 3, 3, 3, CHANNELS),
                List.of(1L, 1L, 1L, 1L),
                "VALID");
        Operand<TFloat32> joined =
            tf.batchToSpaceNd(sums, tf.array(2, 2), tf.constant(new int[2][2]));
        return tf.math.add(tf.math.mul(joined, gamma(layer)), beta(layer));
      }),
  AFTER_A_DENSE_LAYER(
      Shape.of(4, 5),
      (layer, x) ->
          layer.tf.math.add(
              layer.tf.math.mul(
                  layer.tf.linalg.matMul(x, layer.variable("kernel", 0, 0.3f, 5, CHANNELS)),
                  gamma(layer)),
              beta(layer))),
  AFTER_A_RESHAPE(
      Shape.of(4, 5),
      (layer, x) ->
          layer.tf.reshape(
              layer
                  .tf
                  .nn
                  .fusedBatchNorm(
                      layer.tf.reshape(
                          layer.tf.linalg.matMul(x, layer.variable("kernel", 0, 0.3f, 5, CHANNELS)),
                          layer.tf.array(-1, 1, 1, CHANNELS)),
                      gamma(layer),
                      beta(layer),
                      mean(layer),
                      variance(layer),
                      FusedBatchNorm.isTraining(false))
                  .y(),
              layer.tf.array(-1, CHANNELS)));

  @SuppressWarnings("ImmutableEnumChecker") // made by Shape.of, which never changes
  final Shape shape;

  @SuppressWarnings("ImmutableEnumChecker") // adds ops, and keeps nothing
  final Body body;

  Normalization(BiFunction<NormalizedLayer, Operand<TFloat32>, Operand<TFloat32>> body) {
    this(NormalizedLayer.IMAGES, body);
  }

  Normalization(
      Shape shape, BiFunction<NormalizedLayer, Operand<TFloat32>, Operand<TFloat32>> body) {
    this.shape = shape;
    this.body = body::apply;
  }

  static Operand<TFloat32> conv(NormalizedLayer layer, Operand<TFloat32> x) {
    return layer.tf.nn.conv2d(
        x, layer.variable("kernel", 0, 0.3f, 3, 3, 3, CHANNELS), List.of(1L, 1L, 1L, 1L), "SAME");
  }

  /** Returns scales of both signs, one of them 0. */
  static Operand<TFloat32> gamma(NormalizedLayer layer) {
    return layer.variable("gamma", new float[] {1.5f, -0.7f, 0, 0.2f, 1, -2}, CHANNELS);
  }

  static Operand<TFloat32> beta(NormalizedLayer layer) {
    return layer.variable("beta", 0.5f, 0.5f, CHANNELS);
  }

  static Operand<TFloat32> mean(NormalizedLayer layer) {
    return layer.variable("mean", 0, 0.5f, CHANNELS);
  }

  /** Returns variances, one of them 0. */
  static Operand<TFloat32> variance(NormalizedLayer layer) {
    return layer.variable("variance", new float[] {0.3f, 1, 0.5f, 0, 2, 0.1f}, CHANNELS);
  }

  private static Operand<TFloat32> inverse(NormalizedLayer layer) {
    return layer.tf.math.rsqrt(layer.tf.math.add(variance(layer), layer.tf.constant(1e-3f)));
  }
}
