package org.slimquant.deploy.onnx.graph;

import java.util.function.IntBinaryOperator;
import org.slimquant.model.Codes;

/**
 * How many sums of two products can leave 16 bits, where elements are uint8 and weights int8.
 *
 * <p>On x86 with AVX2 or AVX-512 but without VNNI, ONNX Runtime multiplies with {@code vpmaddubsw},
 * which adds the products 2j and 2j+1 of a channel in 16 bits and saturates: 255·127 + 255·127
 * becomes 32,767. Products are counted in the order row, column, input channel of a kernel,
 * whatever the layout of the op, in ONNX Runtime's convolutions and matrix products alike; of an
 * odd number of products the last one is alone. With uint8 weights the kernels widen first: they
 * are exact and slower. So are they for one filter for each channel, and on every other processor.
 *
 * <p>This is the only place that knows which products are added in 16 bits.
 *
 * @param count how many pairs can saturate, of all output channels
 * @param total how many pairs there are
 */
public record SaturatingPairs(long count, long total) {

  private static final SaturatingPairs NONE = new SaturatingPairs(0, 0);

  /**
   * Returns the pairs of a convolution.
   *
   * @param weights in ONNX's order {@code [out, in, height, width]}, without a zero point
   * @param in how many input channels an output channel reads
   * @param channels how many output channels there are
   * @param group into how many groups the channels are split
   * @param elements the elements of the input, and of its padding
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
   * The elements, of uint8, that a layer multiplies.
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
