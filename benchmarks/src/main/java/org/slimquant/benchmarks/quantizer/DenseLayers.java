package org.slimquant.benchmarks.quantizer;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A chain of small dense layers, each with two tensors to quantize, kernel and output:
 *
 * <pre>{@code
 * x ─▶ layer00000_product ─▶ layer00000 ─▶ layer00001_product ─▶ layer00001 ─▶ …
 *      ▲ (MatMul)            (Relu)        ▲
 *      layer00000_kernel                   layer00001_kernel
 * }</pre>
 *
 * <p>With biases there is a third tensor, except in the first layer, whose input is not quantized:
 *
 * <pre>{@code
 * x ─▶ layer00000_product ─▶ layer00000_sum ─▶ layer00000 ─▶ …
 *      ▲ (MatMul)            ▲ (BiasAdd)       (Relu)
 *      layer00000_kernel     layer00000_bias
 * }</pre>
 */
final class DenseLayers {

  private static final FixedPoint FORMAT = FixedPoint.signed(8, -7);
  private static final long WIDTH = 4;

  private final List<QuantizedLayer> layers;
  private final boolean biased;

  private DenseLayers(int count, boolean biased) {
    this.biased = biased;
    // Generated code has these as constants.
    layers =
        IntStream.range(0, count)
            .mapToObj(i -> QuantizedLayer.of("layer%05d".formatted(i), FORMAT, FORMAT))
            .toList();
  }

  /** Returns a chain of {@code count} layers, to be added to any number of graphs. */
  static DenseLayers of(int count) {
    return new DenseLayers(count, false);
  }

  /** Returns a chain of {@code count} layers that have biases. */
  static DenseLayers withBiases(int count) {
    return new DenseLayers(count, true);
  }

  /** Returns the number of layers. */
  int count() {
    return layers.size();
  }

  /** Returns the number of tensors that are quantized. */
  int tensors() {
    return biased ? 3 * count() - 1 : 2 * count();
  }

  /** Returns the name of a layer. */
  String name(int layer) {
    return layers.get(layer).name();
  }

  /** Adds the float layers to {@code graph} and returns the last one's output. */
  Operand<TFloat32> addTo(Graph graph) {
    Ops tf = Ops.create(graph);
    Operand<TFloat32> x = input(tf);
    for (QuantizedLayer layer : layers) {
      x = body(tf, layer, x);
    }
    return x;
  }

  /** Adds the same layers as generated code does, and returns the last one's output. */
  Operand<TFloat32> addQuantizedTo(Graph graph) {
    Ops tf = Ops.create(graph);
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<TFloat32> x = input(tf);
    for (QuantizedLayer layer : layers) {
      Operand<TFloat32> input = x;
      x = GraphQuantizer.layer(quantizer, layer, () -> body(tf, layer, quantizer.input(input)));
    }
    return x;
  }

  /** Adds the gradient of {@code output} with respect to all kernels. */
  void addGradients(Graph graph, Operand<TFloat32> output) {
    Output<?>[] kernels =
        layers.stream()
            .map(layer -> graph.outputOrThrow(layer.name() + "_kernel:0"))
            .toArray(Output<?>[]::new);
    graph.addGradients(output.asOutput(), kernels);
  }

  private static Operand<TFloat32> input(Ops tf) {
    return tf.withName("x")
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, WIDTH)));
  }

  private Operand<TFloat32> body(Ops tf, QuantizedLayer layer, Operand<TFloat32> x) {
    String name = layer.name();
    Operand<TFloat32> kernel =
        tf.withName(name + "_kernel").variable(Shape.of(WIDTH, WIDTH), TFloat32.class);
    Operand<TFloat32> product = tf.withName(name + "_product").linalg.matMul(x, kernel);
    return tf.withName(name).nn.relu(biased ? sum(tf, name, product) : product);
  }

  private static Operand<TFloat32> sum(Ops tf, String name, Operand<TFloat32> product) {
    Operand<TFloat32> bias = tf.withName(name + "_bias").variable(Shape.of(WIDTH), TFloat32.class);
    return tf.withName(name + "_sum").nn.biasAdd(product, bias);
  }
}
