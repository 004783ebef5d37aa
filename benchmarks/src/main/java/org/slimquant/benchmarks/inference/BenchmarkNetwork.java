package org.slimquant.benchmarks.inference;

import java.util.function.Supplier;
import org.slimquant.model.IntegerModel;

/** The networks of the benchmark: the usual shapes, with noise for weights and images. */
public enum BenchmarkNetwork {
  /**
   * The plain network of the Fashion-MNIST example, twice as wide: 4.2 million products. Its
   * weights have a bit less than 8, so that no processor's int8 kernels saturate.
   */
  DIGITS(
      "digits",
      () ->
          NetworkBuilder.relu(50, 28, 1)
              .conv(3, 32, 1)
              .maxPool()
              .conv(3, 64, 1)
              .maxPool()
              .flatten()
              .dense(128)
              .logits(10)),

  /** The plain network of the Fashion-MNIST example. */
  FASHION(
      "fashion",
      () ->
          NetworkBuilder.relu(127, 28, 1)
              .conv(3, 16, 1)
              .maxPool()
              .conv(3, 32, 1)
              .maxPool()
              .flatten()
              .dense(128)
              .logits(10)),

  /** The example's network of depthwise and pointwise convolutions. */
  DEPTHWISE(
      "depthwise",
      () ->
          NetworkBuilder.relu6(127, 28, 1)
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
              .logits(10)),

  /** Three depthwise and pointwise convolutions in turns, on 56x56 places. */
  WIDE_DEPTHWISE(
      "wideDepthwise",
      () ->
          NetworkBuilder.relu6(127, 56, 3)
              .conv(3, 64, 1)
              .depthwise(1)
              .conv(1, 64, 1)
              .depthwise(1)
              .conv(1, 64, 1)
              .depthwise(1)
              .conv(1, 64, 1)
              .average()
              .logits(10)),

  /** A convolution of three channels and five of 64, all 3x3, on 56x56 places. */
  CONVOLUTIONS(
      "convolutions",
      () ->
          NetworkBuilder.relu(127, 56, 3)
              .conv(3, 64, 1)
              .conv(3, 64, 1)
              .conv(3, 64, 1)
              .conv(3, 64, 1)
              .conv(3, 64, 1)
              .conv(3, 64, 1));

  final String title;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Supplier<NetworkBuilder> layers;

  BenchmarkNetwork(String title, Supplier<NetworkBuilder> layers) {
    this.title = title;
    this.layers = layers;
  }

  IntegerModel model() {
    return layers.get().build(title);
  }

  /** Returns the work of running the network on {@code batch} images at a time. */
  Workload workload(int batch, int threads) {
    return new Workload(model(), batch, threads);
  }
}
