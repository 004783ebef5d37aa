package org.slimquant.deploy.testing;

import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** What random layers have in common: numbered names, biases and activations. */
final class LayerParts {

  private final QuantizedGraph graph;
  private final Random random;
  private int layers;

  LayerParts(QuantizedGraph graph, Random random) {
    this.graph = graph;
    this.random = random;
  }

  String name(String kind) {
    return kind + layers++;
  }

  Operand<TFloat32> addBias(Operand<TFloat32> x, FixedPoint format, int channels) {
    Operand<TFloat32> bias = graph.bias(Math.scalb(20.0, format.frac()), channels);
    return switch (random.nextInt(3)) {
      case 0 -> x;
      case 1 -> graph.tf.math.add(bias, x);
      default -> graph.tf.nn.biasAdd(x, bias);
    };
  }

  Operand<TFloat32> activation(Operand<TFloat32> x) {
    return switch (random.nextInt(4)) {
      case 0 -> x;
      case 1 -> graph.tf.nn.relu6(x);
      case 2 -> graph.tf.nn.relu6(graph.tf.nn.relu(x));
      default -> graph.tf.nn.relu(x);
    };
  }
}
