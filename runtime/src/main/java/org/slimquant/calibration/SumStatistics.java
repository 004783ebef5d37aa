package org.slimquant.calibration;

import java.util.List;
import java.util.Optional;
import org.slimquant.runtime.layer.GridOrigin;
import org.slimquant.runtime.site.LayerSum;

/**
 * The statistics of the sum of products and bias that a layer computes.
 *
 * @param bias the name that the site of the layer's bias will have
 * @param kernels the sites of the layer's kernel: several if several ops read its variable
 * @param input the origin of the grid of the tensor that the kernel is multiplied with, if it has
 *     one
 * @param magnitudes the largest added {@code |b|} of each channel or of all; none if nothing was
 *     observed
 * @param output the site of the layer's output, if a sum that differs by {@code e} changes no
 *     element of it by more than {@code e}
 */
record SumStatistics(
    String bias,
    List<String> kernels,
    Optional<GridOrigin> input,
    List<Double> magnitudes,
    Optional<String> output) {

  /**
   * Creates statistics.
   *
   * @throws IllegalArgumentException if a magnitude is negative or not finite
   */
  SumStatistics {
    kernels = List.copyOf(kernels);
    magnitudes = List.copyOf(magnitudes);
    for (double magnitude : magnitudes) {
      if (!(magnitude >= 0 && magnitude < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "the magnitude of %s must be finite and not negative, but is %s"
                .formatted(bias, magnitude));
      }
    }
  }

  SumStatistics with(List<Double> observed) {
    return new SumStatistics(bias, kernels, input, observed, output);
  }

  /**
   * Returns the statistics of both. A bias is the same in both and observed once.
   *
   * @throws IllegalArgumentException if they are of different layers, or if the bias differs
   */
  SumStatistics plus(SumStatistics other) {
    if (!with(List.of()).equals(other.with(List.of()))) {
      throw new IllegalArgumentException(
          "statistics must be of the same layers to be merged, but one has %s with %s, the other %s with %s"
              .formatted(bias, kernels, other.bias, other.kernels));
    }
    if (!magnitudes.isEmpty()
        && !other.magnitudes.isEmpty()
        && !magnitudes.equals(other.magnitudes)) {
      throw new IllegalArgumentException(
          ("%s must be the same bias in statistics that are merged, but its values differ;"
                  + " calibrate all from one checkpoint")
              .formatted(bias));
    }
    return magnitudes.isEmpty() ? other : this;
  }

  /** Returns the largest {@code |b|} of a channel, 0 if nothing is added. */
  double magnitude(int channel) {
    return magnitudes.isEmpty() ? 0 : magnitudes.get(magnitudes.size() == 1 ? 0 : channel);
  }

  /** Returns the statistics of a sum before it is observed. */
  static SumStatistics unobserved(LayerSum sum) {
    return new SumStatistics(sum.bias(), sum.kernels(), sum.input(), List.of(), sum.output());
  }
}
