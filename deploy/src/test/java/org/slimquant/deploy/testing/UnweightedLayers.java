package org.slimquant.deploy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** Random layers without kernels: joins, means, rounding. */
final class UnweightedLayers {

  private final QuantizedGraph graph;
  private final Random random;
  private final LayerFormats formats;
  private final LayerParts parts;
  private final WeightedLayers layers;

  UnweightedLayers(
      QuantizedGraph graph,
      Random random,
      LayerFormats formats,
      LayerParts parts,
      WeightedLayers layers) {
    this.graph = graph;
    this.random = random;
    this.formats = formats;
    this.parts = parts;
    this.layers = layers;
  }

  FeatureMap residual(FeatureMap x) {
    FeatureMap branch = layers.pointwise(x);
    FixedPoint output = formats.near(branch.format());
    Operand<TFloat32> y =
        graph.layer(
            parts.name("add"),
            output,
            output,
            () ->
                parts.activation(
                    twoTensors(graph.input(x.operand()), graph.input(branch.operand()))));
    return new FeatureMap(y, output, x.size(), x.channels());
  }

  /** Returns an op of any kind of two tensors. */
  private Operand<TFloat32> twoTensors(Operand<TFloat32> left, Operand<TFloat32> right) {
    return switch (random.nextInt(6)) {
      case 0 -> graph.tf.math.sub(left, right);
      case 1 -> graph.tf.math.mul(left, right);
      case 2 -> graph.tf.math.maximum(left, right);
      case 3 -> graph.tf.math.minimum(left, right);
      default -> graph.tf.math.add(left, right);
    };
  }

  /** Returns channels that are scaled by what their own averages say. */
  FeatureMap excited(FeatureMap x) {
    FixedPoint squeezed = formats.near(x.format());
    Operand<TFloat32> mean =
        graph.layer(
            parts.name("squeeze"),
            squeezed,
            squeezed,
            () ->
                graph.tf.math.mean(
                    graph.input(x.operand()), graph.tf.array(1, 2), Mean.keepDims(true)));
    FixedPoint output = formats.near(x.format());
    boolean first = random.nextBoolean();
    Operand<TFloat32> y =
        graph.layer(
            parts.name("excite"),
            output,
            output,
            () -> {
              Operand<TFloat32> image = graph.input(x.operand());
              Operand<TFloat32> one = graph.input(mean);
              return parts.activation(first ? twoTensors(one, image) : twoTensors(image, one));
            });
    return new FeatureMap(y, output, x.size(), x.channels());
  }

  FeatureMap concat(FeatureMap x) {
    FeatureMap other = layers.scaled(x);
    FixedPoint output = formats.near(other.format());
    List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(x.operand(), other.operand()));
    int axis = random.nextBoolean() ? 3 : -1;
    Operand<TFloat32> y =
        graph.layer(
            parts.name("concat"),
            output,
            output,
            () ->
                parts.activation(
                    graph.tf.concat(
                        inputs.stream().map(graph::input).toList(), graph.tf.constant(axis))));
    return new FeatureMap(y, output, x.size(), 2 * x.channels());
  }

  FeatureMap averagePool(FeatureMap x) {
    FixedPoint output = formats.near(x.format());
    long side = 2L + random.nextInt(2);
    Operand<TFloat32> y =
        graph.layer(
            parts.name("average"),
            output,
            output,
            () ->
                graph.tf.nn.avgPool(
                    graph.input(x.operand()),
                    List.of(1L, side, side, 1L),
                    List.of(1L, 2L, 2L, 1L),
                    "VALID"));
    return FeatureMap.square(y, output);
  }

  FeatureMap requantize(FeatureMap x) {
    FixedPoint output = formats.near(x.format());
    Operand<TFloat32> y =
        graph.layer(
            parts.name("requantize"),
            output,
            output,
            () -> parts.activation(graph.tf.nn.relu(x.operand())));
    return new FeatureMap(y, output, x.size(), x.channels());
  }

  /** Returns one number for each channel. */
  FeatureMap mean(FeatureMap x) {
    FixedPoint output = formats.near(x.format());
    Operand<TFloat32> y =
        graph.layer(
            parts.name("mean"),
            output,
            output,
            () -> graph.tf.math.mean(graph.input(x.operand()), graph.tf.array(1, 2)));
    return new FeatureMap(y, output, 1, x.channels());
  }
}
