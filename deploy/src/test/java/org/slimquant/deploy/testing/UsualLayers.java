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

  /** A convolution and a dense layer; the pool is inside of the first or after it. */
  public static Operand<TFloat32> network(QuantizedGraph graph, boolean poolInside) {
    Operand<TFloat32> conv =
        graph.layer(
            "conv1",
            KERNEL,
            UNSIGNED,
            () -> {
              Operand<TFloat32> features =
                  graph.relu(
                      graph.addBias(graph.conv(graph.input("images", INPUT, graph.images), 4)));
              return poolInside ? graph.pool(features) : features;
            });
    Operand<TFloat32> features = poolInside ? conv : graph.pool(conv);
    return graph.dense("dense1", graph.tf.reshape(features, graph.tf.array(-1, 64)), 10);
  }
}
