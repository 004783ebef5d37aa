package org.slimquant.benchmarks;

import java.util.List;
import java.util.Random;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.MaxPool;
import org.slimquant.engine.Reshape;
import org.slimquant.engine.TensorFormat;
import org.slimquant.engine.Window;

/**
 * A network like that of the Fashion-MNIST example, twice as wide, with noise for weights:
 *
 * <pre>{@code
 * images [28, 28, 1] ─▶ conv 3x3 32 ─▶ pool ─▶ conv 3x3 64 ─▶ pool ─▶ dense 128 ─▶ dense 10
 * }</pre>
 */
final class DigitNetwork {

  private static final int SIDE = 28;
  private static final int LARGEST_WEIGHT = 50;

  private final Random random = new Random(1);

  private DigitNetwork() {}

  /** Returns the network. */
  static IntegerModel create() {
    return new DigitNetwork().model();
  }

  /** Returns codes for a batch of the network's images. */
  static int[] images(int batch) {
    return new Random(2).ints((long) batch * SIDE * SIDE, 0, 256).toArray();
  }

  private IntegerModel model() {
    IntegerTensor images = features("images", -8, SIDE, SIDE, 1);
    IntegerTensor conv1 = features("conv1", -6, SIDE, SIDE, 32);
    IntegerTensor pool1 = features("pool1", -6, SIDE / 2, SIDE / 2, 32);
    IntegerTensor conv2 = features("conv2", -5, SIDE / 2, SIDE / 2, 64);
    IntegerTensor pool2 = features("pool2", -5, SIDE / 4, SIDE / 4, 64);
    IntegerTensor flat = features("flat", -5, pool2.size());
    IntegerTensor dense1 = features("dense1", -4, 128);
    IntegerTensor logits = new IntegerTensor("logits", List.of(10), TensorFormat.signed(8, -2));
    Window halving = Window.of(2, 2).withStrides(2, 2);
    return new IntegerModel(
        "digits",
        images,
        logits,
        List.of(
            conv("conv1", images, conv1),
            new MaxPool("pool1", conv1, halving, pool1),
            conv("conv2", pool1, conv2),
            new MaxPool("pool2", conv2, halving, pool2),
            new Reshape("flatten", pool2, flat),
            dense("dense1", flat, CodeRange.relu(dense1.format()), dense1),
            dense("dense2", dense1, CodeRange.all(logits.format()), logits)));
  }

  private static IntegerTensor features(String name, int exponent, Integer... shape) {
    return new IntegerTensor(name, List.of(shape), TensorFormat.unsigned(8, exponent));
  }

  private Conv2D conv(String name, IntegerTensor input, IntegerTensor output) {
    int channels = output.shape().get(2);
    Window window = Window.of(3, 3).withSamePadding(input.shape().get(0), input.shape().get(1));
    return new Conv2D(
        name,
        input,
        kernel(3, 3, input.shape().get(2), channels),
        bias(channels),
        window,
        CodeRange.relu(output.format()),
        output);
  }

  private Dense dense(String name, IntegerTensor input, CodeRange range, IntegerTensor output) {
    int channels = output.size();
    return new Dense(name, input, kernel(input.size(), channels), bias(channels), range, output);
  }

  private Kernel kernel(Integer... shape) {
    int size = List.of(shape).stream().reduce(1, Math::multiplyExact);
    return Kernel.of(
        List.of(shape),
        TensorFormat.signed(8, -8),
        random.ints(size, -LARGEST_WEIGHT, LARGEST_WEIGHT + 1).toArray());
  }

  private Codes bias(int channels) {
    return Codes.of(random.ints(channels, -1000, 1000).toArray());
  }
}
