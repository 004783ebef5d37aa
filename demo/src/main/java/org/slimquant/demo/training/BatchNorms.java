package org.slimquant.demo.training;

import java.util.List;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.examples.models.NormalizedSeparableNet;

/**
 * The batch normalizations of a trained model, folded into the layers of a model without them:
 *
 * <pre>{@code
 * kernel ─▶ Conv2D ─▶ (x - μ) / σ · scale + offset ─▶                               before
 * kernel · scale / σ ─▶ Conv2D ─▶ BiasAdd(offset - μ · scale / σ) ─▶                after
 * }</pre>
 *
 * <p>{@code μ} and {@code σ²} are the means over some batches, {@code ε} included.
 *
 * @param layers the layers with a normalization, {@code conv} with {@code conv_kernel}, {@code
 *     conv_norm}, {@code conv_scale} and {@code conv_offset}
 * @param others the layers without a normalization, {@code dense} with {@code dense_kernel} and
 *     {@code dense_bias}
 * @param epsilon the number that is added to variances
 */
public record BatchNorms(List<String> layers, List<String> others, float epsilon) {

  /** The normalizations of {@link NormalizedSeparableNet}. */
  public static final BatchNorms OF_SEPARABLE_NET =
      new BatchNorms(
          List.of(
              "conv",
              "depthwise1",
              "pointwise1",
              "depthwise2",
              "pointwise2",
              "depthwise3",
              "pointwise3",
              "depthwise4",
              "pointwise4"),
          List.of("dense"),
          NormalizedSeparableNet.EPSILON);

  /** Creates normalizations. */
  public BatchNorms {
    layers = List.copyOf(layers);
    others = List.copyOf(others);
  }

  /**
   * Gives a model the kernels and biases of another, with the normalizations folded into them.
   *
   * @param from the model with normalizations
   * @param to the model with biases
   * @param batches the batches from which the means and variances are computed
   */
  public void fold(Classifier from, Classifier to, List<LabelledImages> batches) {
    for (String layer : layers) {
      float[] mean = mean(from, layer + "_norm:1", batches);
      float[] variance = mean(from, layer + "_norm:2", batches);
      float[] kernel = from.variable(layer + "_kernel");
      float[] scale = from.variable(layer + "_scale");
      float[] bias = from.variable(layer + "_offset");
      for (int channel = 0; channel < scale.length; channel++) {
        float factor = (float) (scale[channel] / Math.sqrt(variance[channel] + epsilon));
        bias[channel] -= mean[channel] * factor;
        // The channels of a kernel lie along its last axis, or last two if it is depthwise.
        for (int i = channel; i < kernel.length; i += scale.length) {
          kernel[i] *= factor;
        }
      }
      to.assign(layer + "_kernel", kernel);
      to.assign(layer + "_bias", bias);
    }
    for (String layer : others) {
      to.assign(layer + "_kernel", from.variable(layer + "_kernel"));
      to.assign(layer + "_bias", from.variable(layer + "_bias"));
    }
  }

  private static float[] mean(Classifier classifier, String tensor, List<LabelledImages> batches) {
    double[] sums = new double[0];
    for (LabelledImages batch : batches) {
      float[] values = classifier.fetch(List.of(tensor), batch).get(0);
      sums = sums.length == 0 ? new double[values.length] : sums;
      for (int i = 0; i < values.length; i++) {
        sums[i] += values[i];
      }
    }
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / batches.size());
    }
    return means;
  }
}
