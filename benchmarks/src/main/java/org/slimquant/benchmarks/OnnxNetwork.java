package org.slimquant.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

  private static final int EXPONENT = -5;

  private final Random random = new Random(1);
  private final List<IntegerOp> ops = new ArrayList<>();
  private final IntegerTensor input;
  private IntegerTensor last;

  private OnnxNetwork(Integer... shape) {
    input = new IntegerTensor("images", List.of(shape), TensorFormat.unsigned(8, -8));
    last = input;
  }

  /** Returns the network of the Fashion-MNIST example. */
  static IntegerModel fashion() {
    return new OnnxNetwork(28, 28, 1)
        .conv(3, 16)
        .pool()
        .conv(3, 32)
        .pool()
        .flatten()
        .dense(128)
        .dense(10)
        .model("fashion");
  }

  /** Returns depthwise and pointwise convolutions in turns, on 56x56 places. */
  static IntegerModel separable() {
    return new OnnxNetwork(56, 56, 3)
        .conv(3, 64)
        .depthwise()
        .conv(1, 64)
        .depthwise()
        .conv(1, 64)
        .depthwise()
        .conv(1, 64)
        .model("depthwise");
  }

  /** Returns five convolutions of 3x3 with 64 channels, on 56x56 places. */
  static IntegerModel convolutions() {
    return new OnnxNetwork(56, 56, 3)
        .conv(3, 64)
        .conv(3, 64)
        .conv(3, 64)
        .conv(3, 64)
        .conv(3, 64)
        .conv(3, 64)
        .model("convolutions");
  }

  private IntegerModel model(String name) {
    return new IntegerModel(name, input, last, ops);
  }

  private OnnxNetwork conv(int size, int channels) {
    int rows = last.shape().get(0);
    Window window = Window.of(size, size).withSamePadding(rows, rows);
    Kernel kernel = kernel(size, size, last.shape().get(2), channels);
    IntegerTensor output = output(rows, rows, channels);
    ops.add(new Conv2D(name(), last, kernel, bias(channels), window, relu(), output));
    last = output;
    return this;
  }

  private OnnxNetwork depthwise() {
    int rows = last.shape().get(0);
    int channels = last.shape().get(2);
    Window window = Window.of(3, 3).withSamePadding(rows, rows);
    IntegerTensor output = output(rows, rows, channels);
    ops.add(
        new DepthwiseConv2D(
            name(), last, kernel(3, 3, channels, 1), bias(channels), window, relu(), output));
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

  private OnnxNetwork flatten() {
    IntegerTensor output = output(last.size());
    ops.add(new Reshape(name(), last, output));
    last = output;
    return this;
  }

  private OnnxNetwork dense(int channels) {
    IntegerTensor output = output(channels);
    ops.add(new Dense(name(), last, kernel(last.size(), channels), bias(channels), relu(), output));
    last = output;
    return this;
  }

  private String name() {
    return "op" + ops.size();
  }

  private IntegerTensor output(Integer... shape) {
    return new IntegerTensor(name() + ":0", List.of(shape), TensorFormat.signed(8, EXPONENT));
  }

  private static CodeRange relu() {
    return CodeRange.relu(TensorFormat.signed(8, EXPONENT));
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
