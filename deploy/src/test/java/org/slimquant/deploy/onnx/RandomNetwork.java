package org.slimquant.deploy.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
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

/** Makes networks of random ops, shapes and weights, of formats that ONNX's integer ops have. */
final class RandomNetwork {

  private static final int CHAIN = 6;

  private final Random random;
  private final List<IntegerTensor> tensors = new ArrayList<>();
  private final List<IntegerOp> ops = new ArrayList<>();

  private RandomNetwork(long seed) {
    random = new Random(seed);
  }

  /** Returns the network of a seed. */
  static IntegerModel of(long seed) {
    return new RandomNetwork(seed).model();
  }

  /**
   * Returns a network that flattens an image and reads it by a dense layer and otherwise. Nothing
   * is rounded.
   */
  static IntegerModel flattened(long seed) {
    RandomNetwork network = new RandomNetwork(seed);
    TensorFormat format = TensorFormat.signed(8, -5);
    List<Integer> shape = List.of(network.size(5), network.size(5), network.size(5));
    IntegerTensor image = new IntegerTensor("image", shape, format);
    IntegerTensor flat = new IntegerTensor("flat", List.of(image.size()), format);
    IntegerTensor sum = new IntegerTensor("sum", flat.shape(), format);
    IntegerTensor output = new IntegerTensor("output", List.of(7), format);
    int[] weights = network.random.ints(7L * image.size(), -1, 2).toArray();
    return new IntegerModel(
        "flattened",
        image,
        seed % 2 == 0 ? output : sum,
        List.of(
            new Reshape("reshape", image, flat),
            new Add("add", flat, flat, CodeRange.relu(format), sum),
            new Dense(
                "dense",
                flat,
                Kernel.of(List.of(image.size(), 7), TensorFormat.signed(2, 0), weights),
                Codes.zeros(7),
                CodeRange.relu(format),
                output)));
  }

  /** Returns codes of a tensor for a number of examples, from extremes only or from all. */
  static int[] codes(Random random, IntegerTensor tensor, int examples) {
    int min = tensor.format().minCode();
    int max = tensor.format().maxCode();
    IntUnaryOperator pick =
        switch (random.nextInt(4)) {
          case 0 -> i -> max;
          case 1 -> i -> i % 2 == 0 ? min : max;
          default -> i -> min + i % (max - min + 1);
        };
    return random.ints((long) examples * tensor.size(), 0, 1 << 20).map(pick).toArray();
  }

  private IntegerModel model() {
    List<Integer> shape =
        random.nextInt(4) == 0 ? List.of(size(40)) : List.of(size(9), size(9), size(6));
    tensors.add(new IntegerTensor("input", shape, format(random.nextInt(9) - 9)));
    int count = size(CHAIN);
    while (ops.size() < count) {
      IntegerTensor input = random.nextInt(3) > 0 ? tensors.get(tensors.size() - 1) : any(tensors);
      IntegerOp op = op(input);
      ops.add(op);
      tensors.add(op.output());
    }
    return new IntegerModel("random", tensors.get(0), tensors.get(tensors.size() - 1), ops);
  }

  private IntegerOp op(IntegerTensor input) {
    int kind = random.nextInt(14);
    if (input.rank() == 3 && kind < 9) {
      return switch (kind) {
        case 0, 1, 2 -> conv(input);
        case 3, 4, 5 -> depthwise(input);
        case 6 -> maxPool(input);
        default -> averagePool(input);
      };
    }
    if (input.rank() == 1 && kind < 9) {
      return dense(input);
    }
    return switch (kind) {
      case 9 -> add(input);
      case 10 -> concat(input);
      case 11 -> pad(input);
      case 12 -> reshape(input);
      default -> requantize(input);
    };
  }

  private Conv2D conv(IntegerTensor input) {
    int depth = input.shape().get(2);
    int channels = size(20);
    Window window = window(input, true);
    Kernel kernel = kernel(List.of(window.height(), window.width(), depth, channels), channels);
    IntegerTensor output = output(input, kernel, slide(window, input, channels));
    return new Conv2D(name(), input, kernel, bias(channels), window, range(output), output);
  }

  private DepthwiseConv2D depthwise(IntegerTensor input) {
    int depth = input.shape().get(2);
    int multiplier = random.nextInt(3) == 0 ? 2 : 1;
    int channels = depth * multiplier;
    Window window = window(input, true);
    Kernel kernel = kernel(List.of(window.height(), window.width(), depth, multiplier), channels);
    IntegerTensor output = output(input, kernel, slide(window, input, channels));
    return new DepthwiseConv2D(
        name(), input, kernel, bias(channels), window, range(output), output);
  }

  private Dense dense(IntegerTensor input) {
    int channels = size(40);
    Kernel kernel = kernel(List.of(input.size(), channels), channels);
    IntegerTensor output = output(input, kernel, List.of(channels));
    return new Dense(name(), input, kernel, bias(channels), range(output), output);
  }

  private MaxPool maxPool(IntegerTensor input) {
    Window window = window(input, false);
    List<Integer> shape = slide(window, input, input.shape().get(2));
    return new MaxPool(name(), input, window, tensor(shape, input.format()));
  }

  private AveragePool averagePool(IntegerTensor input) {
    Window window =
        random.nextBoolean()
            ? window(input, false)
            : Window.of(input.shape().get(0), input.shape().get(1));
    List<Integer> shape = slide(window, input, input.shape().get(2));
    boolean flat = shape.get(0) == 1 && shape.get(1) == 1 && random.nextBoolean();
    IntegerTensor output = tensor(flat ? shape.subList(2, 3) : shape, format(near(input, 3)));
    return new AveragePool(name(), input, window, range(output), output);
  }

  private Add add(IntegerTensor input) {
    IntegerTensor other =
        any(
            tensors.stream()
                .filter(tensor -> tensor.shape().equals(input.shape()))
                .filter(
                    tensor ->
                        Math.abs(tensor.format().exponent() - input.format().exponent()) <= 18)
                .toList());
    IntegerTensor output = tensor(input.shape(), format(near(input, 3)));
    return new Add(name(), input, other, range(output), output);
  }

  private Concat concat(IntegerTensor input) {
    int axis = random.nextInt(input.rank());
    List<IntegerTensor> fitting =
        tensors.stream()
            .filter(tensor -> withLength(tensor, axis).equals(withLength(input, axis)))
            .toList();
    List<IntegerTensor> inputs = new ArrayList<>(List.of(input));
    for (int i = random.nextInt(3); i > 0; i--) {
      inputs.add(any(fitting));
    }
    List<Integer> shape = new ArrayList<>(input.shape());
    shape.set(axis, inputs.stream().mapToInt(tensor -> tensor.shape().get(axis)).sum());
    IntegerTensor output = tensor(shape, format(near(input, 2)));
    return new Concat(name(), inputs, axis, range(output), output);
  }

  private static List<Integer> withLength(IntegerTensor tensor, int axis) {
    List<Integer> shape = new ArrayList<>(tensor.shape());
    if (axis < shape.size()) {
      shape.set(axis, 1);
    }
    return shape;
  }

  private Pad pad(IntegerTensor input) {
    List<Integer> before = input.shape().stream().map(length -> random.nextInt(3)).toList();
    List<Integer> after = input.shape().stream().map(length -> random.nextInt(3)).toList();
    List<Integer> shape =
        IntStream.range(0, input.rank())
            .mapToObj(axis -> before.get(axis) + input.shape().get(axis) + after.get(axis))
            .toList();
    return new Pad(name(), input, before, after, tensor(shape, input.format()));
  }

  private Reshape reshape(IntegerTensor input) {
    int size = input.size();
    int columns = size % 3 == 0 ? 3 : size % 2 == 0 ? 2 : 1;
    List<Integer> shape =
        switch (random.nextInt(3)) {
          case 0 -> List.of(size);
          case 1 -> List.of(columns, size / columns);
          default -> List.of(1, columns, size / columns);
        };
    return new Reshape(name(), input, tensor(shape, input.format()));
  }

  private Requantize requantize(IntegerTensor input) {
    IntegerTensor output = tensor(input.shape(), format(near(input, 3)));
    return new Requantize(name(), input, range(output), output);
  }

  private String name() {
    return "op" + ops.size();
  }

  private IntegerTensor tensor(List<Integer> shape, TensorFormat format) {
    return new IntegerTensor("tensor" + ops.size(), shape, format);
  }

  /** Returns an output whose codes are mostly neither all 0 nor all saturated. */
  private IntegerTensor output(IntegerTensor input, Kernel kernel, List<Integer> shape) {
    int accumulator = input.format().exponent() + kernel.exponent(0);
    int shift = random.nextInt(8) == 0 ? random.nextInt(61) - 30 : random.nextInt(14) - 1;
    return tensor(shape, format(Math.max(-60, Math.min(60, accumulator + shift))));
  }

  private int near(IntegerTensor input, int apart) {
    return input.format().exponent() + random.nextInt(2 * apart + 1) - apart;
  }

  private TensorFormat format(int exponent) {
    int bits = random.nextInt(3) == 0 ? 2 + random.nextInt(7) : 8;
    return new TensorFormat(bits, exponent, random.nextBoolean());
  }

  private CodeRange range(IntegerTensor output) {
    return switch (random.nextInt(3)) {
      case 0 -> CodeRange.all(output.format());
      case 1 -> CodeRange.relu(output.format());
      default -> CodeRange.relu6(output.format());
    };
  }

  private Window window(IntegerTensor input, boolean ofConv) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    while (true) {
      Window window = Window.of(size(4), size(4)).withStrides(size(3), size(3));
      if (ofConv) {
        window = window.withDilations(size(2), size(2));
      }
      window =
          switch (random.nextInt(3)) {
            case 0 -> window;
            case 1 -> window.withSamePadding(rows, columns);
            default ->
                window.withPadding(
                    new Padding(
                        random.nextInt(window.height()),
                        random.nextInt(window.height()),
                        random.nextInt(window.width()),
                        random.nextInt(window.width())));
          };
      if (window.outputRows(rows) > 0 && window.outputColumns(columns) > 0) {
        return window;
      }
    }
  }

  private static List<Integer> slide(Window window, IntegerTensor input, int channels) {
    return List.of(
        window.outputRows(input.shape().get(0)),
        window.outputColumns(input.shape().get(1)),
        channels);
  }

  private Kernel kernel(List<Integer> shape, int channels) {
    TensorFormat format = format(random.nextInt(12) - 12);
    int size = shape.stream().reduce(1, (a, b) -> a * b);
    List<Integer> exponents =
        random.nextBoolean()
            ? List.of(format.exponent())
            : IntStream.range(0, channels)
                .mapToObj(channel -> format.exponent() + random.nextInt(5) - 2)
                .toList();
    int[] codes = codes(random, new IntegerTensor("kernel", List.of(size), format), 1);
    return new Kernel(shape, format.bits(), format.signed(), exponents, Codes.of(codes));
  }

  private Codes bias(int channels) {
    int bound = random.nextInt(4) == 0 ? 1 << 22 : 2000;
    return Codes.of(random.ints(channels, -bound, bound).toArray());
  }

  private int size(int max) {
    return 1 + random.nextInt(max);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
