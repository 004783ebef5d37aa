package org.slimquant.deploy.testing;

import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Adds random networks to a graph: every kind of layer, window and format that an integer model
 * has. Sums stay below 2^24 steps of the accumulator, where float32 is exact.
 */
public final class RandomGraph {

  private final QuantizedGraph graph;
  private final Random random;
  private final LayerFormats formats;
  private final WeightedLayers weighted;
  private final UnweightedLayers unweighted;

  private RandomGraph(QuantizedGraph graph, long seed, int maxBits) {
    this.graph = graph;
    random = new Random(seed);
    formats = new LayerFormats(random, maxBits);
    LayerParts parts = new LayerParts(graph, random);
    weighted = new WeightedLayers(graph, random, formats, parts);
    unweighted = new UnweightedLayers(graph, random, formats, parts, weighted);
  }

  /**
   * Adds a network of a few layers.
   *
   * @param graph a graph of square images
   * @param seed decides the network
   * @param size rows and columns of the images
   * @param maxBits the largest width of a code
   * @return its output
   */
  public static Operand<TFloat32> add(
      QuantizedGraph graph, long seed, int size, int channels, int maxBits) {
    return new RandomGraph(graph, seed, maxBits).network(size, channels);
  }

  private Operand<TFloat32> network(int size, int channels) {
    FeatureMap x =
        weighted.convolution(new FeatureMap(graph.images, formats.format(), size, channels), true);
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      x = step(x);
    }
    return weighted.dense(flat(x)).operand();
  }

  private FeatureMap step(FeatureMap x) {
    return switch (random.nextInt(10)) {
      case 0 -> weighted.depthwise(x);
      case 1 -> unweighted.residual(x);
      case 2 -> unweighted.concat(x);
      case 3 -> x.size() >= 4 ? unweighted.averagePool(x) : unweighted.requantize(x);
      case 4 -> x.size() >= 3 ? maxPool(x) : pad(x);
      case 5 -> pad(x);
      case 6 -> weighted.spaced(x);
      case 7 -> Integer.bitCount(x.size()) == 1 ? unweighted.excited(x) : unweighted.residual(x);
      default -> weighted.convolution(x, false);
    };
  }

  /** Outside of any layer: codes stay codes. */
  private FeatureMap maxPool(FeatureMap x) {
    Operand<TFloat32> y =
        graph.tf.nn.maxPool(
            x.operand(),
            graph.tf.array(1, 3, 2, 1),
            graph.tf.array(1, 2, 1, 1),
            random.nextBoolean() ? "SAME" : "VALID");
    return FeatureMap.square(y, x.format());
  }

  private FeatureMap pad(FeatureMap x) {
    Operand<TFloat32> y =
        graph.tf.pad(
            x.operand(),
            graph.tf.constant(new int[][] {{0, 0}, {1, 0}, {0, 1}, {0, random.nextInt(2)}}),
            graph.tf.constant(0f));
    return FeatureMap.square(y, x.format());
  }

  /** One number for each channel, or all numbers in a row. */
  private FeatureMap flat(FeatureMap x) {
    long[] shape = x.operand().asOutput().shape().asArray();
    boolean powerOfTwo = Long.bitCount(shape[1] * shape[2]) == 1;
    if (powerOfTwo && random.nextBoolean()) {
      return unweighted.mean(x);
    }
    int size = (int) (shape[1] * shape[2] * shape[3]);
    return new FeatureMap(
        graph.tf.reshape(x.operand(), graph.tf.array(-1, size)), x.format(), 1, size);
  }
}
