package org.slimquant.deploy.testing;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Layers of the usual kinds and formats. */
public final class UsualLayers {

  public static final FixedPoint INPUT = FixedPoint.signed(8, -6);
  public static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  public static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);
  public static final FixedPoint UNSIGNED = FixedPoint.unsigned(8, -5);
  public static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private UsualLayers() {}

  public static Operand<TFloat32> convolution(
      QuantizedGraph graph, Operand<TFloat32> x, long channels, String padding) {
    long depth = x.asOutput().shape().get(3);
    return graph.tf.nn.biasAdd(
        graph.tf.nn.conv2d(x, graph.kernel(KERNEL, 0.3, 3, 3, depth, channels), ONES, padding),
        graph.bias(0.5, (int) channels));
  }

  public static Operand<TFloat32> pool(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.maxPool(x, graph.tf.array(1, 2, 2, 1), graph.tf.array(1, 2, 2, 1), "VALID");
  }

  public static Operand<TFloat32> dense(
      QuantizedGraph graph, String name, Operand<TFloat32> x, long channels) {
    return graph.layer(
        name,
        KERNEL,
        OUTPUT,
        () ->
            graph.tf.nn.biasAdd(
                graph.tf.linalg.matMul(
                    graph.input(x),
                    graph.kernel(KERNEL, 0.2, x.asOutput().shape().get(1), channels)),
                graph.bias(0.5, (int) channels)));
  }

  /** A convolution and a dense layer; the pool stands inside of the first or behind it. */
  public static Operand<TFloat32> network(QuantizedGraph graph, boolean poolInside) {
    Operand<TFloat32> conv =
        graph.layer(
            "conv1",
            KERNEL,
            UNSIGNED,
            () -> {
              Operand<TFloat32> features =
                  graph.tf.nn.relu(
                      convolution(graph, graph.input("images", INPUT, graph.images), 4, "SAME"));
              return poolInside ? pool(graph, features) : features;
            });
    Operand<TFloat32> features = poolInside ? conv : pool(graph, conv);
    return dense(graph, "dense1", graph.tf.reshape(features, graph.tf.array(-1, 64)), 10);
  }
}
