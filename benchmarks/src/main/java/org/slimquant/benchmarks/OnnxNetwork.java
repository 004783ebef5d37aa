package org.slimquant.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.slimquant.engine.AveragePool;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.DepthwiseConv2D;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.MaxPool;
import org.slimquant.engine.Reshape;
import org.slimquant.engine.TensorFormat;
import org.slimquant.engine.Window;

/** Integer models of the usual shapes, with random weights of all 8 bits. */
final class OnnxNetwork {

  // As in the examples, what a ReLU returns has all 256 codes.
  private static final TensorFormat FEATURES = TensorFormat.unsigned(8, -5);

  private final Random random = new Random(1);
  private final List<IntegerOp> ops = new ArrayList<>();
  private final CodeRange range;
  private final IntegerTensor input;
  private IntegerTensor last;

  private OnnxNetwork(CodeRange range, Integer... shape) {
    this.range = range;
    input = new IntegerTensor("images", List.of(shape), TensorFormat.unsigned(8, -8));
    last = input;
  }

  /** Returns the network of the Fashion-MNIST example. */
  static IntegerModel fashion() {
    return new OnnxNetwork(CodeRange.relu(FEATURES), 28, 28, 1)
        .conv(3, 16, 1)
        .pool()
        .conv(3, 32, 1)
        .pool()
        .flatten()
        .dense(128)
        .dense(10)
        .model("fashion");
  }

  /** Returns the example's network of depthwise and pointwise convolutions. */
  static IntegerModel separable() {
    return new OnnxNetwork(CodeRange.relu6(FEATURES), 28, 28, 1)
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
        .dense(10)
        .model("separable");
  }

  /** Returns depthwise and pointwise convolutions in turns, on 56x56 places. */
  static IntegerModel wideSeparable() {
    return new OnnxNetwork(CodeRange.relu6(FEATURES), 56, 56, 3)
        .conv(3, 64, 1)
        .depthwise(1)
        .conv(1, 64, 1)
        .depthwise(1)
        .conv(1, 64, 1)
        .depthwise(1)
        .conv(1, 64, 1)
        .average()
        .dense(10)
        .model("wideSeparable");
  }

  /** Returns five convolutions of 3x3 with 64 channels, on 56x56 places. */
  static IntegerModel convolutions() {
    return new OnnxNetwork(CodeRange.relu(FEATURES), 56, 56, 3)
        .conv(3, 64, 1)
        .conv(3, 64, 1)
        .conv(3, 64, 1)
        .conv(3, 64, 1)
        .conv(3, 64, 1)
        .conv(3, 64, 1)
        .model("convolutions");
  }

  private IntegerModel model(String name) {
    return new IntegerModel(name, input, last, ops);
  }

  private OnnxNetwork conv(int size, int channels, int stride) {
    Window window = window(size, stride);
    int rows = window.outputRows(last.shape().get(0));
    Kernel kernel = kernel(size, size, last.shape().get(2), channels);
    IntegerTensor output = output(rows, rows, channels);
    ops.add(new Conv2D(name(), last, kernel, bias(channels), window, range, output));
    last = output;
    return this;
  }

  private OnnxNetwork depthwise(int stride) {
    Window window = window(3, stride);
    int rows = window.outputRows(last.shape().get(0));
    int channels = last.shape().get(2);
    IntegerTensor output = output(rows, rows, channels);
    ops.add(
        new DepthwiseConv2D(
            name(), last, kernel(3, 3, channels, 1), bias(channels), window, range, output));
    last = output;
    return this;
  }

  private OnnxNetwork pool() {
    IntegerTensor output =
        output(last.shape().get(0) / 2, last.shape().get(1) / 2, last.shape().get(2));
    ops.add(new MaxPool(name(), last, Window.of(2, 2).withStrides(2, 2), output));
    last = output;
    return this;
  }

  private OnnxNetwork average() {
    IntegerTensor output = output(last.shape().get(2));
    Window window = Window.of(last.shape().get(0), last.shape().get(1));
    ops.add(new AveragePool(name(), last, window, range, output));
    last = output;
    return this;
  }

  private OnnxNetwork flatten() {
    IntegerTensor output = output(last.size());
    ops.add(new Reshape(name(), last, output));
    last = output;
    return this;
  }

  private OnnxNetwork dense(int channels) {
    IntegerTensor output = output(channels);
    ops.add(new Dense(name(), last, kernel(last.size(), channels), bias(channels), range, output));
    last = output;
    return this;
  }

  private String name() {
    return "op" + ops.size();
  }

  private IntegerTensor output(Integer... shape) {
    return new IntegerTensor(name() + ":0", List.of(shape), FEATURES);
  }

  private Window window(int size, int stride) {
    int rows = last.shape().get(0);
    return Window.of(size, size).withStrides(stride, stride).withSamePadding(rows, rows);
  }

  private Kernel kernel(Integer... shape) {
    int size = List.of(shape).stream().reduce(1, Math::multiplyExact);
    int[] codes = random.ints(size, -127, 128).toArray();
    // Sums of about 2^10 times the fan-in's root.
    return Kernel.of(List.of(shape), TensorFormat.signed(8, -9), codes);
  }

  private Codes bias(int channels) {
    return Codes.of(random.ints(channels, -2000, 2000).toArray());
  }
}
