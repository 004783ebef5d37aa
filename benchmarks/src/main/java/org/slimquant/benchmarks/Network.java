package org.slimquant.benchmarks;

import org.slimquant.engine.IntegerModel;

/** The networks that are run: the usual shapes, with noise for weights and images. */
public enum Network {
  /**
   * The plain network of the Fashion-MNIST example, twice as wide: 4.2 million products. Its
   * weights have a bit less than 8, so that no processor's int8 kernels saturate.
   */
  DIGITS("digits") {
    @Override
    IntegerModel model() {
      return NetworkBuilder.relu(50, 28, 1)
          .conv(3, 32, 1)
          .maxPool()
          .conv(3, 64, 1)
          .maxPool()
          .flatten()
          .dense(128)
          .logits(10)
          .build(title);
    }
  },

  /** The plain network of the Fashion-MNIST example. */
  FASHION("fashion") {
    @Override
    IntegerModel model() {
      return NetworkBuilder.relu(127, 28, 1)
          .conv(3, 16, 1)
          .maxPool()
          .conv(3, 32, 1)
          .maxPool()
          .flatten()
          .dense(128)
          .logits(10)
          .build(title);
    }
  },

  /** The example's network of depthwise and pointwise convolutions. */
  DEPTHWISE("depthwise") {
    @Override
    IntegerModel model() {
      return NetworkBuilder.relu6(127, 28, 1)
          .conv(3, 16, 2)
          .depthwise(1)
          .conv(1, 32, 1)
          .depthwise(2)
          .conv(1, 64, 1)
          .depthwise(1)
          .conv(1, 64, 1)
          .depthwise(1)
          .conv(1, 64, 1)
          .average()
          .logits(10)
          .build(title);
    }
  },

  /** Three depthwise and pointwise convolutions in turns, on 56x56 places. */
  WIDE_DEPTHWISE("wideDepthwise") {
    @Override
    IntegerModel model() {
      return NetworkBuilder.relu6(127, 56, 3)
          .conv(3, 64, 1)
          .depthwise(1)
          .conv(1, 64, 1)
          .depthwise(1)
          .conv(1, 64, 1)
          .depthwise(1)
          .conv(1, 64, 1)
          .average()
          .logits(10)
          .build(title);
    }
  },

  /** A convolution of three channels and five of 64, all 3x3, on 56x56 places. */
  CONVOLUTIONS("convolutions") {
    @Override
    IntegerModel model() {
      return NetworkBuilder.relu(127, 56, 3)
          .conv(3, 64, 1)
          .conv(3, 64, 1)
          .conv(3, 64, 1)
          .conv(3, 64, 1)
          .conv(3, 64, 1)
          .conv(3, 64, 1)
          .build(title);
    }
  };

  final String title;

  Network(String title) {
    this.title = title;
  }

  abstract IntegerModel model();

  /** Returns the work of running the network on so many images. */
  Workload workload(int batch, int threads) {
    return new Workload(model(), batch, threads);
  }
}
