package org.slimquant.deploy.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
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

/** Networks for images of the usual shape, with random weights. */
final class ImageNetworks {

  private static final int EXPONENT = -5;

  private final Random random;
  private final boolean perChannel;
  private final boolean signed;
  private final int weight;
  private final List<IntegerOp> ops = new ArrayList<>();

  private ImageNetworks(long seed, boolean perChannel, boolean signed, int weight) {
    random = new Random(seed);
    this.perChannel = perChannel;
    this.signed = signed;
    this.weight = weight;
  }

  /**
   * Returns two convolutions with poolings and two dense layers.
   *
   * @param perChannel whether each channel has an exponent
   * @param signed whether what ReLUs return has a signed format
   * @param weight the largest magnitude of a weight
   */
  static IntegerModel classic(long seed, boolean perChannel, boolean signed, int weight) {
    ImageNetworks networks = new ImageNetworks(seed, perChannel, signed, weight);
    IntegerTensor images = networks.tensor("images", FixedPoint.unsigned(8, -8), 28, 28, 1);
    IntegerTensor first = networks.pool("pool1", networks.conv("conv1", images, 3, 16, 8, true));
    IntegerTensor second = networks.pool("pool2", networks.conv("conv2", first, 3, 32, 10, true));
    IntegerTensor flat = networks.tensor("flat:0", second.format(), second.size());
    networks.ops.add(new Reshape("flat", second, flat));
    IntegerTensor hidden = networks.dense("dense1", flat, 64, true);
    return networks.model("classic", images, networks.dense("dense2", hidden, 10, false));
  }

  /** Returns depthwise and pointwise convolutions, a residual sum and a mean. */
  static IntegerModel separable(long seed, boolean perChannel, boolean signed, int weight) {
    ImageNetworks networks = new ImageNetworks(seed, perChannel, signed, weight);
    IntegerTensor images = networks.tensor("images", FixedPoint.signed(8, -7), 16, 16, 3);
    IntegerTensor stem = networks.conv("stem", images, 3, 24, 9, true);
    IntegerTensor depthwise = networks.depthwise("depthwise", stem);
    IntegerTensor linear = networks.conv("pointwise", depthwise, 1, 24, 9, false);
    IntegerTensor sum = networks.tensor("sum:0", FixedPoint.signed(8, EXPONENT + 1), 16, 16, 24);
    networks.ops.add(new Add("sum", stem, linear, CodeRange.all(sum.format()), sum));
    IntegerTensor mean = networks.tensor("mean:0", sum.format(), 24);
    networks.ops.add(
        new AveragePool("mean", sum, Window.of(16, 16), CodeRange.all(mean.format()), mean));
    return networks.model("separable", images, networks.dense("dense", mean, 10, false));
  }

  private IntegerModel model(String name, IntegerTensor input, IntegerTensor output) {
    return new IntegerModel(name, input, output, ops);
  }

  private IntegerTensor tensor(String name, FixedPoint format, Integer... shape) {
    return new IntegerTensor(name, List.of(shape), format);
  }

  private IntegerTensor conv(
      String name, IntegerTensor input, int size, int channels, int shift, boolean relu) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    Kernel kernel = kernel(shift, relu, input, size, size, input.shape().get(2), channels);
    IntegerTensor output = tensor(name + ":0", format(relu), rows, columns, channels);
    Window window = Window.of(size, size).withSamePadding(rows, columns);
    ops.add(new Conv2D(name, input, kernel, bias(channels), window, range(output, relu), output));
    return output;
  }

  private IntegerTensor depthwise(String name, IntegerTensor input) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    int channels = input.shape().get(2);
    Kernel kernel = kernel(7, true, input, 3, 3, channels, 1);
    IntegerTensor output = tensor(name + ":0", format(true), rows, columns, channels);
    Window window = Window.of(3, 3).withSamePadding(rows, columns);
    ops.add(
        new DepthwiseConv2D(
            name, input, kernel, bias(channels), window, range(output, true), output));
    return output;
  }

  private IntegerTensor dense(String name, IntegerTensor input, int channels, boolean relu) {
    Kernel kernel = kernel(10, relu, input, input.size(), channels);
    IntegerTensor output = tensor(name + ":0", format(relu), channels);
    ops.add(new Dense(name, input, kernel, bias(channels), range(output, relu), output));
    return output;
  }

  private IntegerTensor pool(String name, IntegerTensor input) {
    List<Integer> shape = input.shape();
    IntegerTensor output =
        tensor(name + ":0", input.format(), shape.get(0) / 2, shape.get(1) / 2, shape.get(2));
    ops.add(new MaxPool(name, input, Window.of(2, 2).withStrides(2, 2), output));
    return output;
  }

  private FixedPoint format(boolean relu) {
    return signed || !relu ? FixedPoint.signed(8, EXPONENT) : FixedPoint.unsigned(8, EXPONENT);
  }

  private static CodeRange range(IntegerTensor output, boolean relu) {
    return relu ? CodeRange.relu(output.format()) : CodeRange.all(output.format());
  }

  private Kernel kernel(int shift, boolean relu, IntegerTensor input, Integer... shape) {
    int exponent = format(relu).frac() - input.format().frac() - shift;
    int size = List.of(shape).stream().reduce(1, Math::multiplyExact);
    int channels = shape[shape.length - 1] * (shape[shape.length - 1] == 1 ? shape[2] : 1);
    List<Integer> exponents =
        perChannel
            ? IntStream.range(0, channels).mapToObj(c -> exponent + random.nextInt(3) - 1).toList()
            : List.of(exponent);
    int[] codes = random.ints(size, -weight, weight + 1).toArray();
    return new Kernel(List.of(shape), 8, true, exponents, Codes.of(codes));
  }

  private Codes bias(int channels) {
    return Codes.of(random.ints(channels, -2000, 2000).toArray());
  }
}
