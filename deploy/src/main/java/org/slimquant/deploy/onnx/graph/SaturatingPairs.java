package org.slimquant.deploy.onnx.graph;

import java.util.function.IntBinaryOperator;
import org.slimquant.model.Codes;

/**
 * The number of sums of two products that can leave 16 bits, if elements are uint8 and weights
 * int8.
 *
 * <p>On x86 with AVX2 or AVX-512 but without VNNI, ONNX Runtime multiplies with {@code vpmaddubsw},
 * which adds the products 2j and 2j+1 of a channel in 16 bits and saturates: 255·127 + 255·127
 * becomes 32,767. The order of the products is row, column, input channel of a kernel, for
 * convolutions and matrix products, in every layout. If the number of products is odd, the last one
 * is not in a pair. With uint8 weights the kernels are exact and slower, because they widen first.
 * Kernels for one filter for each channel are exact, and so are all kernels of other processors.
 *
 * <p>Only this class knows which products are added in 16 bits.
 *
 * @param count the number of pairs that can saturate, in all output channels
 * @param total the number of all pairs
 */
public record SaturatingPairs(long count, long total) {

  private static final SaturatingPairs NONE = new SaturatingPairs(0, 0);

  /**
   * Returns the pairs of a convolution.
   *
   * @param weights in ONNX's order {@code [out, in, height, width]}, without a zero point
   * @param in the number of input channels that an output channel reads
   * @param channels the number of output channels
   * @param group the number of groups of channels
   * @param elements the elements of the input and of its padding
   */
  public static SaturatingPairs ofConvolution(
      Codes weights, int in, int channels, int group, Elements elements) {
    if (group > 1 && group == channels) {
      // One filter for each channel has kernels of its own, which add in 32 bits.
      return NONE;
    }
    int products = weights.size() / channels;
    int places = products / in;
    return of(
        channels,
        products,
        (channel, k) -> weights.get(channel * products + k % in * places + k / in),
        elements);
  }

  /**
   * Returns the pairs of a matrix product.
   *
   * @param weights {@code [in, out]}
   */
  public static SaturatingPairs ofMatrix(int[] weights, int channels, Elements elements) {
    return of(
        channels,
        weights.length / channels,
        (channel, k) -> weights[k * channels + channel],
        elements);
  }

  private static SaturatingPairs of(
      int channels, int products, IntBinaryOperator weight, Elements elements) {
    long saturating = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int k = 0; k + 1 < products; k += 2) {
        int first = weight.applyAsInt(channel, k);
        int second = weight.applyAsInt(channel, k + 1);
        if (elements.largest(first) + elements.largest(second) > Short.MAX_VALUE
            || elements.smallest(first) + elements.smallest(second) < Short.MIN_VALUE) {
          saturating++;
        }
      }
    }
    return new SaturatingPairs(saturating, (long) channels * (products / 2));
  }

  /** Whether any pair can saturate. */
  public boolean any() {
    return count > 0;
  }

  @Override
  public String toString() {
    return "%d of %d sums of two products".formatted(count, total);
  }

  /**
   * The range of the uint8 elements that a layer multiplies.
   *
   * @param min the smallest
   * @param max the largest
   */
  public record Elements(int min, int max) {

    private static final int LARGEST = 255;

    /** All elements of uint8. */
    public static final Elements ALL = new Elements(0, LARGEST);

    int largest(int weight) {
      return weight * (weight > 0 ? max : min);
    }

    int smallest(int weight) {
      return weight * (weight > 0 ? min : max);
    }
  }
}
