package org.slimquant.deploy.testing;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.tensorflow.Operand;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.types.TFloat32;

/** Random layers with kernels. */
final class WeightedLayers {

  private final QuantizedGraph graph;
  private final Random random;
  private final LayerFormats formats;
  private final LayerParts parts;

  WeightedLayers(QuantizedGraph graph, Random random, LayerFormats formats, LayerParts parts) {
    this.graph = graph;
    this.random = random;
    this.formats = formats;
    this.parts = parts;
  }

  FeatureMap convolution(FeatureMap x, boolean first) {
    int kernelSize = 1 + random.nextInt(Math.min(3, x.size()));
    int dilation = kernelSize > 1 && (kernelSize - 1) * 2 < x.size() ? 1 + random.nextInt(2) : 1;
    int stride = 1 + random.nextInt(2);
    int channels = 1 + random.nextInt(6);
    FormatRequest kernel = formats.kernelFormat(channels);
    FixedPoint output =
        formats.outputFormat(x.format(), kernel, kernelSize * kernelSize * x.channels());
    int padding = random.nextInt(3);
    List<Long> explicit =
        IntStream.range(0, 8)
            .mapToObj(i -> i < 2 || i > 5 ? 0L : (long) random.nextInt(kernelSize))
            .toList();
    Operand<TFloat32> y =
        graph.layer(
            parts.name("conv"),
            kernel,
            output,
            () -> {
              Operand<TFloat32> in =
                  first ? graph.input("x", x.format(), x.operand()) : graph.input(x.operand());
              Operand<TFloat32> sums =
                  graph.tf.nn.conv2d(
                      in,
                      graph.kernel(kernel, 0.4, kernelSize, kernelSize, x.channels(), channels),
                      List.of(1L, (long) stride, (long) stride, 1L),
                      List.of("SAME", "VALID", "EXPLICIT").get(padding),
                      Conv2d.dilations(List.of(1L, (long) dilation, (long) dilation, 1L)),
                      Conv2d.explicitPaddings(padding == 2 ? explicit : List.of()));
              return parts.activation(parts.addBias(sums, output, channels));
            });
    return FeatureMap.square(y, output);
  }

  FeatureMap depthwise(FeatureMap x) {
    int kernelSize = 1 + random.nextInt(Math.min(3, x.size()));
    int multiplier = 1 + random.nextInt(2);
    long stride = 1L + random.nextInt(2);
    long dilation = (kernelSize - 1) * 2 < x.size() ? 1 + random.nextInt(2) : 1;
    int channels = x.channels() * multiplier;
    FormatRequest kernel = formats.kernelFormat(channels);
    FixedPoint output = formats.outputFormat(x.format(), kernel, kernelSize * kernelSize);
    String padding = random.nextBoolean() ? "SAME" : "VALID";
    Operand<TFloat32> y =
        graph.layer(
            parts.name("depthwise"),
            kernel,
            output,
            () ->
                parts.activation(
                    parts.addBias(
                        graph.tf.nn.depthwiseConv2dNative(
                            graph.input(x.operand()),
                            graph.kernel(
                                kernel, 0.4, kernelSize, kernelSize, x.channels(), multiplier),
                            List.of(1L, stride, stride, 1L),
                            padding,
                            DepthwiseConv2dNative.dilations(List.of(1L, dilation, dilation, 1L))),
                        output,
                        channels)));
    return FeatureMap.square(y, output);
  }

  /** Returns a dilated convolution, or a depthwise one, in three ops. */
  FeatureMap spaced(FeatureMap x) {
    SpacedLayer layer = SpacedLayer.of(random, x.size());
    boolean depthwise = random.nextBoolean();
    int channels = depthwise ? x.channels() : 1 + random.nextInt(6);
    FormatRequest kernel = formats.kernelFormat(channels);
    int fanIn = layer.kernelSize() * layer.kernelSize() * (depthwise ? 1 : x.channels());
    FixedPoint output = formats.outputFormat(x.format(), kernel, fanIn);
    boolean biasInside = random.nextBoolean();
    Operand<TFloat32> y =
        graph.layer(
            parts.name("spaced"),
            kernel,
            output,
            () -> {
              Operand<TFloat32> space = layer.space(graph.tf, graph.input(x.operand()));
              int size = layer.kernelSize();
              List<Long> ones = List.of(1L, 1L, 1L, 1L);
              Operand<TFloat32> sums =
                  depthwise
                      ? graph.tf.nn.depthwiseConv2dNative(
                          space, graph.kernel(kernel, 0.4, size, size, channels, 1), ones, "VALID")
                      : graph.tf.nn.conv2d(
                          space,
                          graph.kernel(kernel, 0.4, size, size, x.channels(), channels),
                          ones,
                          "VALID");
              return biasInside
                  ? layer.batch(
                      graph.tf,
                      parts.activation(parts.addBias(sums, output, channels)),
                      x.operand())
                  : parts.activation(
                      parts.addBias(layer.batch(graph.tf, sums, x.operand()), output, channels));
            });
    return FeatureMap.square(y, output);
  }

  /** Returns a pointwise convolution that keeps the channels. */
  FeatureMap pointwise(FeatureMap x) {
    FormatRequest kernel = formats.kernelFormat(x.channels());
    FixedPoint output = formats.outputFormat(x.format(), kernel, x.channels());
    Operand<TFloat32> y =
        graph.layer(
            parts.name("branch"),
            kernel,
            output,
            () ->
                graph.tf.nn.conv2d(
                    graph.input(x.operand()),
                    graph.kernel(kernel, 0.4, 1, 1, x.channels(), x.channels()),
                    List.of(1L, 1L, 1L, 1L),
                    "SAME"));
    return new FeatureMap(y, output, x.size(), x.channels());
  }

  /** Returns each channel multiplied by a weight. */
  FeatureMap scaled(FeatureMap x) {
    FormatRequest kernel = formats.kernelFormat(x.channels());
    FixedPoint output = formats.outputFormat(x.format(), kernel, 1);
    Operand<TFloat32> y =
        graph.layer(
            parts.name("scale"),
            kernel,
            output,
            () ->
                graph.tf.nn.depthwiseConv2dNative(
                    graph.input(x.operand()),
                    graph.kernel(kernel, 0.4, 1, 1, x.channels(), 1),
                    List.of(1L, 1L, 1L, 1L),
                    "SAME"));
    return new FeatureMap(y, output, x.size(), x.channels());
  }

  FeatureMap dense(FeatureMap x) {
    int channels = 1 + random.nextInt(10);
    FormatRequest kernel = formats.kernelFormat(channels);
    FixedPoint output = formats.outputFormat(x.format(), kernel, x.channels());
    Operand<TFloat32> y =
        graph.layer(
            parts.name("dense"),
            kernel,
            output,
            () ->
                parts.addBias(
                    graph.tf.linalg.matMul(
                        graph.input(x.operand()),
                        graph.kernel(kernel, 0.4, x.channels(), channels)),
                    output,
                    channels));
    return new FeatureMap(y, output, 1, channels);
  }
}
