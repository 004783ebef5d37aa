package org.slimquant.deploy.onnx;

import org.slimquant.engine.WeightedOp;

/**
 * Whether products of elements and int8 weights can be added in saturating 16 bits.
 *
 * <p>On x86 without VNNI, ONNX Runtime's kernels for uint8 by int8 add the products of two
 * neighbours with {@code vpmaddubsw}, which saturates: 255·127 + 255·127 becomes 32,767. Which
 * products are neighbours depends on layout and kernel, so none is safe unless any two are. With
 * uint8 weights the kernels widen first, and are exact but slower.
 */
final class Products {

  private Products() {}

  /**
   * Whether any two products of a channel have a sum of 16 bits.
   *
   * @param max the largest element
   */
  static boolean fit(WeightedOp layer, int max) {
    int channels = layer.channels();
    int[] most = new int[channels];
    int[] second = new int[channels];
    int[] least = new int[channels];
    int[] secondLeast = new int[channels];
    for (int i = 0; i < layer.kernel().codes().size(); i++) {
      int channel = i % channels;
      int code = layer.kernel().codes().get(i);
      second[channel] = Math.max(second[channel], Math.min(most[channel], code));
      most[channel] = Math.max(most[channel], code);
      secondLeast[channel] = Math.min(secondLeast[channel], Math.max(least[channel], code));
      least[channel] = Math.min(least[channel], code);
    }
    for (int channel = 0; channel < channels; channel++) {
      if (max * (most[channel] + second[channel]) > Short.MAX_VALUE
          || max * (least[channel] + secondLeast[channel]) < Short.MIN_VALUE) {
        return false;
      }
    }
    return true;
  }
}
