package org.slimquant.benchmarks.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;

/**
 * Builds an integer model op by op, with random weights. Their steps are chosen so that every
 * tensor uses its codes: if all codes were clamped, any network would compute the same.
 */
final class NetworkBuilder {

  private static final FixedPoint PIXELS = FixedPoint.unsigned(8, -8);
  // As in the examples, the output of a ReLU has all 256 codes.
  private static final FixedPoint FEATURES = FixedPoint.unsigned(8, -5);
  private static final FixedPoint LOGITS = FixedPoint.signed(8, -4);

  // Root mean squares: of numbers between 0 and 1, and of WANTED after a ReLU.
  private static final double OF_PIXELS = 0.6;
  private static final double OF_FEATURES = 0.75;
  private static final double WANTED = 1;

  private final Random random = new Random(1);
  private final List<IntegerOp> ops = new ArrayList<>();
  private final int largestWeight;
  private final CodeRange activation;
  private final IntegerTensor input;
  private IntegerTensor last;

  private NetworkBuilder(int largestWeight, CodeRange activation, int side, int channels) {
    this.largestWeight = largestWeight;
    this.activation = activation;
    input = new IntegerTensor("images", List.of(side, side, channels), PIXELS);
    last = input;
  }

  /**
   * Returns a builder of networks whose activation is the ReLU.
   *
   * @param largestWeight the largest magnitude of a weight's code
   */
  static NetworkBuilder relu(int largestWeight, int side, int channels) {
    return new NetworkBuilder(largestWeight, CodeRange.relu(FEATURES), side, channels);
  }

  /** Returns a builder of networks whose activation is the ReLU that ends at 6. */
  static NetworkBuilder relu6(int largestWeight, int side, int channels) {
    return new NetworkBuilder(largestWeight, CodeRange.relu6(FEATURES), side, channels);
  }

  IntegerModel build(String name) {
    return new IntegerModel(name, input, last, ops);
  }

  NetworkBuilder conv(int size, int channels, int stride) {
    Window window = window(size, stride);
    int side = window.outputRows(last.shape().get(0));
    Kernel kernel =
        kernel(size * size * last.shape().get(2), size, size, last.shape().get(2), channels);
    return add(
        new Conv2D(
            name(),
            last,
            kernel,
            bias(channels),
            window,
            activation,
            output(side, side, channels)));
  }

  NetworkBuilder depthwise(int stride) {
    Window window = window(3, stride);
    int side = window.outputRows(last.shape().get(0));
    int channels = last.shape().get(2);
    return add(
        new DepthwiseConv2D(
            name(),
            last,
            kernel(3 * 3, 3, 3, channels, 1),
            bias(channels),
            window,
            activation,
            output(side, side, channels)));
  }

  NetworkBuilder maxPool() {
    int side = last.shape().get(0) / 2;
    Window halving = Window.of(2, 2).withStrides(2, 2);
    return add(new MaxPool(name(), last, halving, output(side, side, last.shape().get(2))));
  }

  /** Adds the mean over the image. */
  NetworkBuilder average() {
    Window image = Window.of(last.shape().get(0), last.shape().get(1));
    return add(new AveragePool(name(), last, image, activation, output(last.shape().get(2))));
  }

  NetworkBuilder flatten() {
    return add(new Reshape(name(), last, output(last.size())));
  }

  NetworkBuilder dense(int channels) {
    return dense(activation, output(channels));
  }

  /** Adds a dense layer without activation. */
  NetworkBuilder logits(int classes) {
    return dense(CodeRange.all(LOGITS), new IntegerTensor(name() + ":0", List.of(classes), LOGITS));
  }

  private NetworkBuilder dense(CodeRange range, IntegerTensor output) {
    Kernel kernel = kernel(last.size(), last.size(), output.size());
    return add(new Dense(name(), last, kernel, bias(output.size()), range, output));
  }

  private NetworkBuilder add(IntegerOp op) {
    ops.add(op);
    last = op.output();
    return this;
  }

  private String name() {
    return "op" + ops.size();
  }

  private IntegerTensor output(Integer... shape) {
    return new IntegerTensor(name() + ":0", List.of(shape), FEATURES);
  }

  private Window window(int size, int stride) {
    int side = last.shape().get(0);
    return Window.of(size, size).withStrides(stride, stride).withSamePadding(side, side);
  }

  /** Returns weights with the step that brings sums of that many products closest to WANTED. */
  private Kernel kernel(int products, Integer... shape) {
    int size = List.of(shape).stream().reduce(1, Math::multiplyExact);
    double ofWeights = largestWeight / Math.sqrt(3);
    double ofInputs = last.equals(input) ? OF_PIXELS : OF_FEATURES;
    double step = WANTED / (Math.sqrt(products) * ofWeights * ofInputs);
    return Kernel.of(
        List.of(shape),
        FixedPoint.signed(8, (int) Math.rint(Math.log(step) / Math.log(2))),
        random.ints(size, -largestWeight, largestWeight + 1).toArray());
  }

  private Codes bias(int channels) {
    return Codes.of(random.ints(channels, -2000, 2000).toArray());
  }
}
