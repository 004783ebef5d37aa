package org.slimquant.deploy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.FormatRequest;
import org.slimquant.runtime.PerChannel;
import org.tensorflow.Operand;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.types.TFloat32;

/**
 * Adds random networks to a graph: every kind of layer, window and format that an integer model
 * has. Sums stay below 2^24 steps of the accumulator, where float32 is exact.
 */
public final class RandomModels {

  private final QuantizedGraph graph;
  private final Random random;
  private final int maxBits;
  private int layers;

  /** A tensor of the network. */
  private record Features(Operand<TFloat32> operand, FixedPoint format, int size, int channels) {}

  private RandomModels(QuantizedGraph graph, long seed, int maxBits) {
    this.graph = graph;
    this.random = new Random(seed);
    this.maxBits = maxBits;
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
    return new RandomModels(graph, seed, maxBits).network(size, channels);
  }

  private Operand<TFloat32> network(int size, int channels) {
    Features x = convolution(new Features(graph.images, format(), size, channels), true);
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      x = step(x);
    }
    return dense(flat(x)).operand();
  }

  private Features step(Features x) {
    return switch (random.nextInt(8)) {
      case 0 -> depthwise(x);
      case 1 -> residual(x);
      case 2 -> concat(x);
      case 3 -> x.size() >= 4 ? averagePool(x) : requantize(x);
      case 4 -> x.size() >= 3 ? maxPool(x) : pad(x);
      case 5 -> pad(x);
      default -> convolution(x, false);
    };
  }

  private FixedPoint format() {
    int bits = 2 + random.nextInt(maxBits - 1);
    int frac = -random.nextInt(8);
    return random.nextBoolean() ? FixedPoint.signed(bits, frac) : FixedPoint.unsigned(bits, frac);
  }

  private FormatRequest kernelFormat(int channels) {
    int bits = 2 + random.nextInt(Math.min(8, maxBits) - 1);
    return switch (random.nextInt(4)) {
      case 0, 1 ->
          new PerChannel(
              bits, IntStream.range(0, channels).mapToObj(c -> -4 - random.nextInt(4)).toList());
      case 2 -> FixedPoint.unsigned(bits, -5 - random.nextInt(3));
      default -> FixedPoint.signed(bits, -5 - random.nextInt(3));
    };
  }

  /** Returns a format that most outputs of a layer do not saturate: near the sum's deviation. */
  private FixedPoint outputFormat(FixedPoint input, FormatRequest kernel, int fanIn) {
    int bits = 2 + random.nextInt(maxBits - 1);
    double kernelMax =
        kernel instanceof PerChannel channels
            ? channels.channel(0).max()
            : ((FixedPoint) kernel).max();
    double deviation = input.max() * 0.5 * kernelMax * 0.4 * Math.sqrt(fanIn);
    int frac = (int) Math.ceil(Math.log(deviation * 2) / Math.log(2)) - bits + 1;
    int kernelFrac =
        kernel instanceof PerChannel channels
            ? channels.fracs().stream().mapToInt(i -> i).min().orElseThrow()
            : ((FixedPoint) kernel).frac();
    // The fake quant rounds exactly up to a shift of 24 - bits.
    int largest = input.frac() + kernelFrac + 24 - bits;
    FixedPoint format = FixedPoint.signed(bits, Math.min(frac, largest));
    return random.nextBoolean() ? format : FixedPoint.unsigned(bits, format.frac());
  }

  private Operand<TFloat32> activation(Operand<TFloat32> x) {
    return switch (random.nextInt(4)) {
      case 0 -> x;
      case 1 -> graph.tf.nn.relu6(x);
      case 2 -> graph.tf.nn.relu6(graph.tf.nn.relu(x));
      default -> graph.tf.nn.relu(x);
    };
  }

  private Operand<TFloat32> addBias(Operand<TFloat32> x, FixedPoint format, int channels) {
    Operand<TFloat32> bias = graph.bias(Math.scalb(20.0, format.frac()), channels);
    return switch (random.nextInt(3)) {
      case 0 -> x;
      case 1 -> graph.tf.math.add(bias, x);
      default -> graph.tf.nn.biasAdd(x, bias);
    };
  }

  private String name(String kind) {
    return kind + layers++;
  }

  private Features convolution(Features x, boolean first) {
    int kernelSize = 1 + random.nextInt(Math.min(3, x.size()));
    int dilation = kernelSize > 1 && (kernelSize - 1) * 2 < x.size() ? 1 + random.nextInt(2) : 1;
    int stride = dilation == 1 ? 1 + random.nextInt(2) : 1;
    int channels = 1 + random.nextInt(6);
    FormatRequest kernel = kernelFormat(channels);
    FixedPoint output = outputFormat(x.format(), kernel, kernelSize * kernelSize * x.channels());
    int padding = random.nextInt(3);
    List<Long> explicit =
        IntStream.range(0, 8)
            .mapToObj(i -> i < 2 || i > 5 ? 0L : (long) random.nextInt(kernelSize))
            .toList();
    Operand<TFloat32> y =
        graph.layer(
            name("conv"),
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
              return activation(addBias(sums, output, channels));
            });
    return square(y, output);
  }

  /** Rows and columns may differ by the padding; what follows takes the smaller. */
  private Features square(Operand<TFloat32> y, FixedPoint format) {
    long[] shape = y.asOutput().shape().asArray();
    return new Features(y, format, (int) Math.min(shape[1], shape[2]), (int) shape[3]);
  }

  private Features depthwise(Features x) {
    int kernelSize = 1 + random.nextInt(Math.min(3, x.size()));
    int multiplier = 1 + random.nextInt(2);
    long stride = 1L + random.nextInt(2);
    int channels = x.channels() * multiplier;
    FormatRequest kernel = kernelFormat(channels);
    FixedPoint output = outputFormat(x.format(), kernel, kernelSize * kernelSize);
    String padding = random.nextBoolean() ? "SAME" : "VALID";
    Operand<TFloat32> y =
        graph.layer(
            name("depthwise"),
            kernel,
            output,
            () ->
                activation(
                    addBias(
                        graph.tf.nn.depthwiseConv2dNative(
                            graph.input(x.operand()),
                            graph.kernel(
                                kernel, 0.4, kernelSize, kernelSize, x.channels(), multiplier),
                            List.of(1L, stride, stride, 1L),
                            padding,
                            DepthwiseConv2dNative.dataFormat("NHWC")),
                        output,
                        channels)));
    return square(y, output);
  }

  private Features residual(Features x) {
    FormatRequest kernel = kernelFormat(x.channels());
    FixedPoint middle = outputFormat(x.format(), kernel, x.channels());
    Operand<TFloat32> branch =
        graph.layer(
            name("branch"),
            kernel,
            middle,
            () ->
                graph.tf.nn.conv2d(
                    graph.input(x.operand()),
                    graph.kernel(kernel, 0.4, 1, 1, x.channels(), x.channels()),
                    List.of(1L, 1L, 1L, 1L),
                    "SAME"));
    FixedPoint output = near(middle);
    Operand<TFloat32> y =
        graph.layer(
            name("add"),
            kernel,
            output,
            () -> activation(graph.tf.math.add(graph.input(x.operand()), graph.input(branch))));
    return new Features(y, output, x.size(), x.channels());
  }

  /** Returns a format whose step is near another's. */
  private FixedPoint near(FixedPoint format) {
    int bits = 2 + random.nextInt(Math.min(8, maxBits) - 1);
    return FixedPoint.signed(bits, format.frac() + random.nextInt(4) - 1);
  }

  private Features concat(Features x) {
    Features other = depthwiseOne(x);
    FixedPoint output = near(other.format());
    List<Operand<TFloat32>> parts = new ArrayList<>(List.of(x.operand(), other.operand()));
    int axis = random.nextBoolean() ? 3 : -1;
    Operand<TFloat32> y =
        graph.layer(
            name("concat"),
            output,
            output,
            () ->
                activation(
                    graph.tf.concat(
                        parts.stream().map(graph::input).toList(), graph.tf.constant(axis))));
    return new Features(y, output, x.size(), 2 * x.channels());
  }

  private Features depthwiseOne(Features x) {
    FormatRequest kernel = kernelFormat(x.channels());
    FixedPoint output = outputFormat(x.format(), kernel, 1);
    Operand<TFloat32> y =
        graph.layer(
            name("scale"),
            kernel,
            output,
            () ->
                graph.tf.nn.depthwiseConv2dNative(
                    graph.input(x.operand()),
                    graph.kernel(kernel, 0.4, 1, 1, x.channels(), 1),
                    List.of(1L, 1L, 1L, 1L),
                    "SAME"));
    return new Features(y, output, x.size(), x.channels());
  }

  private Features averagePool(Features x) {
    FixedPoint output = near(x.format());
    long side = 2L + random.nextInt(2);
    Operand<TFloat32> y =
        graph.layer(
            name("average"),
            output,
            output,
            () ->
                graph.tf.nn.avgPool(
                    graph.input(x.operand()),
                    List.of(1L, side, side, 1L),
                    List.of(1L, 2L, 2L, 1L),
                    "VALID"));
    return square(y, output);
  }

  private Features requantize(Features x) {
    FixedPoint output = near(x.format());
    Operand<TFloat32> y =
        graph.layer(
            name("requantize"), output, output, () -> activation(graph.tf.nn.relu(x.operand())));
    return new Features(y, output, x.size(), x.channels());
  }

  /** Outside of any layer: codes stay codes. */
  private Features maxPool(Features x) {
    Operand<TFloat32> y =
        graph.tf.nn.maxPool(
            x.operand(),
            graph.tf.array(1, 3, 2, 1),
            graph.tf.array(1, 2, 1, 1),
            random.nextBoolean() ? "SAME" : "VALID");
    return square(y, x.format());
  }

  private Features pad(Features x) {
    Operand<TFloat32> y =
        graph.tf.pad(
            x.operand(),
            graph.tf.constant(new int[][] {{0, 0}, {1, 0}, {0, 1}, {0, random.nextInt(2)}}),
            graph.tf.constant(0f));
    return square(y, x.format());
  }

  /** One number for each channel, or all numbers in a row. */
  private Features flat(Features x) {
    long[] shape = x.operand().asOutput().shape().asArray();
    boolean powerOfTwo = Long.bitCount(shape[1] * shape[2]) == 1;
    if (powerOfTwo && random.nextBoolean()) {
      FixedPoint output = near(x.format());
      Operand<TFloat32> y =
          graph.layer(
              name("mean"),
              output,
              output,
              () -> graph.tf.math.mean(graph.input(x.operand()), graph.tf.array(1, 2)));
      return new Features(y, output, 1, x.channels());
    }
    int size = (int) (shape[1] * shape[2] * shape[3]);
    return new Features(
        graph.tf.reshape(x.operand(), graph.tf.array(-1, size)), x.format(), 1, size);
  }

  private Features dense(Features x) {
    int channels = 1 + random.nextInt(10);
    FormatRequest kernel = kernelFormat(channels);
    FixedPoint output = outputFormat(x.format(), kernel, x.channels());
    Operand<TFloat32> y =
        graph.layer(
            name("dense"),
            kernel,
            output,
            () ->
                addBias(
                    graph.tf.linalg.matMul(
                        graph.input(x.operand()),
                        graph.kernel(kernel, 0.4, x.channels(), channels)),
                    output,
                    channels));
    return new Features(y, output, 1, channels);
  }
}
