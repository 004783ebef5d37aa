package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.slimquant.engine.Add;
import org.slimquant.engine.AveragePool;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Concat;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.DepthwiseConv2D;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.MaxPool;
import org.slimquant.engine.Pad;
import org.slimquant.engine.Padding;
import org.slimquant.engine.Requantize;
import org.slimquant.engine.Reshape;
import org.slimquant.engine.TensorFormat;
import org.slimquant.engine.Window;

/**
 * Makes models of random ops, shapes, formats, weights and biases that are certified, many of them
 * near the bounds.
 */
final class RandomModels {

  private static final long EXACT_SUM = 1L << 24;
  private static final int TRIES = 20;

  private final Random random;
  private final List<IntegerTensor> tensors = new ArrayList<>();
  private final List<IntegerOp> ops = new ArrayList<>();

  private RandomModels(Random random) {
    this.random = random;
  }

  /** Returns a certified model. */
  static IntegerModel certified(Random random) {
    return new RandomModels(random).model();
  }

  /** Returns an int8 convolution of an image of as many channels as before. */
  static IntegerModel convolution(Random random, int length, int channels, int size) {
    TensorFormat format = TensorFormat.signed(8, -4);
    List<Integer> shape = List.of(length, length, channels);
    IntegerTensor output = new IntegerTensor("output", shape, format);
    // Of 5 bits, so that the largest window is certified whatever its weights.
    int[] codes = random.ints((long) size * size * channels * channels, -15, 16).toArray();
    return OneOp.model(
        new Conv2D(
            "conv",
            new IntegerTensor("input", shape, format),
            Kernel.of(List.of(size, size, channels, channels), TensorFormat.signed(5, -8), codes),
            Codes.of(random.ints(channels, -1000, 1000).toArray()),
            Window.of(size, size).withSamePadding(length, length),
            CodeRange.relu(format),
            output));
  }

  /** Returns codes of a tensor: all the largest, all the one or the other extreme, or any. */
  static int[] codes(Random random, IntegerTensor tensor, int examples) {
    int min = tensor.format().minCode();
    int max = tensor.format().maxCode();
    int[] codes = new int[examples * tensor.size()];
    for (int example = 0; example < examples; example++) {
      int kind = random.nextInt(5);
      for (int i = 0; i < tensor.size(); i++) {
        codes[example * tensor.size() + i] =
            switch (kind) {
              case 0 -> max;
              case 1 -> random.nextBoolean() ? min : max;
              case 2 -> Math.max(min, random.nextInt(3) - 1);
              default -> random.nextInt(min, max + 1);
            };
      }
    }
    return codes;
  }

  private IntegerModel model() {
    TensorFormat format = format(random.nextInt(-8, 1));
    tensors.add(new IntegerTensor("input", List.of(size(10), size(10), size(8)), format));
    int count = 2 + random.nextInt(6);
    while (ops.size() < count) {
      IntegerTensor input =
          random.nextInt(3) > 0
              ? tensors.get(tensors.size() - 1)
              : tensors.get(random.nextInt(tensors.size()));
      IntStream.range(0, TRIES)
          .mapToObj(i -> certifiedOp(input))
          .flatMap(Optional::stream)
          .findFirst()
          .ifPresent(
              op -> {
                ops.add(op);
                tensors.add(op.output());
              });
    }
    return model(ops);
  }

  private IntegerModel model(List<IntegerOp> all) {
    return new IntegerModel("random", tensors.get(0), all.get(all.size() - 1).output(), all);
  }

  private Optional<IntegerOp> certifiedOp(IntegerTensor input) {
    List<IntegerOp> all = new ArrayList<>(ops);
    all.add(op(input));
    return ExactnessCertificate.of(model(all)).exact()
        ? Optional.of(all.get(all.size() - 1))
        : Optional.empty();
  }

  private IntegerOp op(IntegerTensor input) {
    int kind = random.nextInt(12);
    if (input.rank() == 3 && kind < 8) {
      return switch (kind) {
        case 0, 1, 2 -> conv(input);
        case 3, 4 -> depthwise(input);
        case 5 -> maxPool(input);
        case 6 -> averagePool(input);
        default -> pad(input);
      };
    }
    if (input.rank() == 1 && kind < 8) {
      return dense(input);
    }
    return switch (kind) {
      case 8 -> add(input);
      case 9 -> concat(input);
      case 10 -> new Reshape(name(), input, tensor(List.of(input.size()), input.format()));
      default -> requantize(input);
    };
  }

  /** A convolution, but none that oneDNN miscomputes: see the certificate's assumptions. */
  private Conv2D conv(IntegerTensor input) {
    int channels = size(random.nextBoolean() ? 8 : 40);
    Window window = window(input, true);
    List<Integer> image = input.shape();
    if (image.get(2) == 1 && (window.height() > image.get(0) || window.width() > image.get(1))) {
      window = Window.of(1, 1);
    }
    List<Integer> shape = List.of(window.height(), window.width(), input.shape().get(2), channels);
    Kernel kernel = kernel(shape, channels, input);
    Codes bias = bias(kernel, channels, input);
    IntegerTensor output = output(input, kernel, bias, slide(window, input, channels));
    return new Conv2D(name(), input, kernel, bias, window, range(output), output);
  }

  private DepthwiseConv2D depthwise(IntegerTensor input) {
    int multiplier = size(3);
    int channels = input.shape().get(2) * multiplier;
    Window window = window(input, false);
    // TensorFlow's depthwise kernel wants one stride for both directions.
    window = window.withStrides(window.strideDown(), window.strideDown());
    if (window.outputColumns(input.shape().get(1)) < 1) {
      window = Window.of(1, 1);
    }
    List<Integer> shape =
        List.of(window.height(), window.width(), input.shape().get(2), multiplier);
    Kernel kernel = kernel(shape, channels, input);
    Codes bias = bias(kernel, channels, input);
    IntegerTensor output = output(input, kernel, bias, slide(window, input, channels));
    return new DepthwiseConv2D(name(), input, kernel, bias, window, range(output), output);
  }

  private Dense dense(IntegerTensor input) {
    int channels = size(16);
    Kernel kernel = kernel(List.of(input.size(), channels), channels, input);
    Codes bias = bias(kernel, channels, input);
    IntegerTensor output = output(input, kernel, bias, List.of(channels));
    return new Dense(name(), input, kernel, bias, range(output), output);
  }

  private MaxPool maxPool(IntegerTensor input) {
    Window window = pooling(input);
    List<Integer> shape = slide(window, input, input.shape().get(2));
    return new MaxPool(name(), input, window, tensor(shape, input.format()));
  }

  private AveragePool averagePool(IntegerTensor input) {
    boolean whole = random.nextBoolean();
    Window window = whole ? Window.of(input.shape().get(0), input.shape().get(1)) : pooling(input);
    List<Integer> shape = slide(window, input, input.shape().get(2));
    IntegerTensor output = tensor(whole ? shape.subList(2, 3) : shape, near(input, 5));
    return new AveragePool(name(), input, window, range(output), output);
  }

  private Add add(IntegerTensor input) {
    List<IntegerTensor> alike =
        tensors.stream().filter(tensor -> tensor.shape().equals(input.shape())).toList();
    IntegerTensor other = alike.get(random.nextInt(alike.size()));
    if (Math.abs(other.format().exponent() - input.format().exponent()) > 20) {
      other = input;
    }
    IntegerTensor output = tensor(input.shape(), near(input, 5));
    return new Add(name(), input, other, range(output), output);
  }

  private Concat concat(IntegerTensor input) {
    int axis = input.rank() - 1;
    List<IntegerTensor> fitting =
        tensors.stream()
            .filter(tensor -> tensor.rank() == input.rank())
            .filter(
                tensor -> tensor.shape().subList(0, axis).equals(input.shape().subList(0, axis)))
            .toList();
    List<IntegerTensor> inputs = List.of(input, fitting.get(random.nextInt(fitting.size())));
    List<Integer> shape = new ArrayList<>(input.shape());
    shape.set(axis, inputs.stream().mapToInt(tensor -> tensor.shape().get(axis)).sum());
    IntegerTensor output = tensor(shape, near(input, 10));
    return new Concat(name(), inputs, axis, range(output), output);
  }

  private Pad pad(IntegerTensor input) {
    List<Integer> before = List.of(random.nextInt(3), random.nextInt(3), random.nextInt(2));
    List<Integer> after = List.of(random.nextInt(3), random.nextInt(3), random.nextInt(2));
    List<Integer> shape =
        IntStream.range(0, 3)
            .mapToObj(axis -> before.get(axis) + input.shape().get(axis) + after.get(axis))
            .toList();
    return new Pad(name(), input, before, after, tensor(shape, input.format()));
  }

  private Requantize requantize(IntegerTensor input) {
    IntegerTensor output = tensor(input.shape(), near(input, 12));
    return new Requantize(name(), input, range(output), output);
  }

  /** Returns a kernel whose sums reach a random part of what is exact, half of them all of it. */
  private Kernel kernel(List<Integer> shape, int channels, IntegerTensor input) {
    TensorFormat format = format(random.nextInt(-12, 0));
    int size = shape.stream().reduce(1, (a, b) -> a * b);
    long fanIn = size / channels;
    // Weights are on average half as large as the largest.
    long largest = 2 * EXACT_SUM / (fanIn * input.format().maxCode());
    largest >>= random.nextBoolean() ? 0 : random.nextInt(16);
    int max = (int) Math.max(1, Math.min(format.maxCode(), largest));
    int min = format.signed() ? -max : 0;
    int[] codes = new int[size];
    for (int i = 0; i < size; i++) {
      codes[i] =
          switch (random.nextInt(8)) {
            case 0 -> min;
            case 1 -> 0;
            default -> random.nextInt(min, max + 1);
          };
    }
    List<Integer> exponents =
        random.nextBoolean()
            ? List.of(format.exponent())
            : IntStream.range(0, channels)
                .mapToObj(channel -> format.exponent() + random.nextInt(3) - 1)
                .toList();
    return new Kernel(shape, format.bits(), format.signed(), exponents, Codes.of(codes));
  }

  /** Returns biases of any size, or such that sums reach all of what is exact. */
  private Codes bias(Kernel kernel, int channels, IntegerTensor input) {
    int largest = 1 << random.nextInt(1, 21);
    return switch (random.nextInt(4)) {
      case 0 -> Codes.zeros(channels);
      case 1 ->
          Codes.of(
              LongStream.of(sums(kernel, channels, input))
                  .map(sum -> Math.max(0, EXACT_SUM - sum))
                  .mapToInt(rest -> (int) (random.nextBoolean() ? rest : -rest))
                  .toArray());
      default -> Codes.of(random.ints(channels, -largest, largest).toArray());
    };
  }

  private static long[] sums(Kernel kernel, int channels, IntegerTensor input) {
    long[] sums = new long[channels];
    for (int i = 0; i < kernel.codes().size(); i++) {
      sums[i % channels] += (long) Math.abs(kernel.codes().get(i)) * input.format().maxCode();
    }
    return sums;
  }

  /** Returns an output whose codes are mostly neither all 0 nor all saturated. */
  private IntegerTensor output(
      IntegerTensor input, Kernel kernel, Codes bias, List<Integer> shape) {
    TensorFormat some = format(0);
    long sum = Math.max(1, sums(kernel, bias.size(), input)[0] + Math.abs(bias.get(0)));
    int bits = Long.SIZE - Long.numberOfLeadingZeros(sum);
    int shift = bits - some.bits() - random.nextInt(4);
    int exponent = input.format().exponent() + kernel.exponent(0) + shift;
    return tensor(shape, new TensorFormat(some.bits(), clamp(exponent), some.signed()));
  }

  private TensorFormat near(IntegerTensor input, int coarser) {
    return format(clamp(input.format().exponent() + random.nextInt(-2, coarser)));
  }

  private static int clamp(int exponent) {
    return Math.max(-60, Math.min(60, exponent));
  }

  private TensorFormat format(int exponent) {
    int bits = random.nextBoolean() ? 8 : random.nextInt(2, 17);
    return new TensorFormat(bits, exponent, random.nextBoolean());
  }

  private CodeRange range(IntegerTensor output) {
    return switch (random.nextInt(3)) {
      case 0 -> CodeRange.all(output.format());
      case 1 -> CodeRange.relu(output.format());
      default -> CodeRange.relu6(output.format());
    };
  }

  private Window pooling(IntegerTensor input) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    Window window =
        Window.of(Math.min(rows, size(4)), Math.min(columns, size(4)))
            .withStrides(size(3), size(3));
    return random.nextBoolean() ? window : window.withSamePadding(rows, columns);
  }

  private Window window(IntegerTensor input, boolean dilated) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    Window window = Window.of(size(4), size(4));
    // TensorFlow has no strides with dilations on every device.
    window =
        dilated && random.nextInt(3) == 0
            ? window.withDilations(size(2), size(2))
            : window.withStrides(size(3), size(3));
    Window valid =
        switch (random.nextInt(3)) {
          case 0 -> window;
          case 1 -> window.withSamePadding(rows, columns);
          default ->
              window.withPadding(
                  new Padding(
                      random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4)));
        };
    boolean fits = valid.outputRows(rows) > 0 && valid.outputColumns(columns) > 0;
    return fits ? valid : window.withSamePadding(rows, columns);
  }

  private static List<Integer> slide(Window window, IntegerTensor input, int channels) {
    return List.of(
        window.outputRows(input.shape().get(0)),
        window.outputColumns(input.shape().get(1)),
        channels);
  }

  private String name() {
    return "op" + ops.size();
  }

  private IntegerTensor tensor(List<Integer> shape, TensorFormat format) {
    return new IntegerTensor("tensor" + ops.size(), shape, format);
  }

  private int size(int max) {
    return 1 + random.nextInt(max);
  }
}
