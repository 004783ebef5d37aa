package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.engine.Add;
import org.slimquant.engine.AveragePool;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Concat;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.DepthwiseConv2D;
import org.slimquant.engine.IntegerEngine;
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
 * Makes models of many ops, so that one compiled program tries many: any kind of op reads any
 * tensor that was computed before, in any format.
 */
final class RandomModel {

  private static final int KINDS = 10;
  private static final int MOST_ELEMENTS = 3000;

  private final Random random;
  private final int bits;
  private final List<IntegerTensor> tensors = new ArrayList<>();
  private final List<IntegerOp> ops = new ArrayList<>();

  private RandomModel(long seed, int bits) {
    random = new Random(seed);
    this.bits = bits;
  }

  /**
   * Returns the model of a seed.
   *
   * @param count the number of ops
   * @param bits the most bits that a code has
   */
  static IntegerModel of(long seed, int count, int bits) {
    return new RandomModel(seed, bits).model("random " + bits + " " + seed, count);
  }

  private IntegerModel model(String name, int count) {
    IntegerTensor input =
        new IntegerTensor("input", List.of(9, 8, 3), new TensorFormat(bits, -bits, true));
    tensors.add(input);
    for (int i = 0; ops.size() < count; i++) {
      IntegerTensor read =
          random.nextInt(3) == 0
              ? any(tensors)
              : tensors.get(tensors.size() - 1 - random.nextInt(Math.min(3, tensors.size())));
      IntegerOp op = op(i % KINDS, read.size() > MOST_ELEMENTS ? input : read);
      if (lives(op) || random.nextInt(8) == 0) {
        ops.add(op);
        tensors.add(op.output());
      }
    }
    return new IntegerModel(name, input, tensors.get(tensors.size() - 1), ops);
  }

  /**
   * Whether an op computes more than a few codes: what is all 0 or saturated hides what is wrong.
   */
  private boolean lives(IntegerOp op) {
    List<IntegerOp> all = new ArrayList<>(ops);
    all.add(op);
    IntegerTensor input = tensors.get(0);
    IntegerModel model = new IntegerModel("part", input, op.output(), all);
    int[] codes =
        new Random(0)
            .ints(input.size(), input.format().minCode(), input.format().maxCode() + 1)
            .toArray();
    return IntStream.of(IntegerEngine.of(model).run(codes)).distinct().count() > 3;
  }

  private IntegerOp op(int kind, IntegerTensor read) {
    if (kind < 6 && read.rank() != 3) {
      return read.rank() == 1 ? dense(read) : flatten(read);
    }
    return switch (kind) {
      case 0, 1 -> conv(read);
      case 2 -> depthwise(read, 1);
      case 3 -> depthwise(read, 1 + random.nextInt(3));
      case 4 -> maxPool(read);
      case 5 -> averagePool(read);
      case 6 -> add(read);
      case 7 -> concat(read);
      case 8 -> random.nextBoolean() ? pad(read) : flatten(read);
      default -> requantize(read);
    };
  }

  private Conv2D conv(IntegerTensor input) {
    Window window = window(input, true);
    int channels = 1 + random.nextInt(random.nextBoolean() ? 7 : 37);
    Kernel kernel =
        kernel(List.of(window.height(), window.width(), input.shape().get(2), channels), channels);
    IntegerTensor output = output(input, kernel, slide(window, input, channels));
    return new Conv2D(name("conv"), input, kernel, bias(channels), window, range(output), output);
  }

  private DepthwiseConv2D depthwise(IntegerTensor input, int multiplier) {
    Window window = window(input, true);
    int depth = input.shape().get(2);
    int channels = depth * multiplier;
    Kernel kernel = kernel(List.of(window.height(), window.width(), depth, multiplier), channels);
    IntegerTensor output = output(input, kernel, slide(window, input, channels));
    return new DepthwiseConv2D(
        name("depthwise"), input, kernel, bias(channels), window, range(output), output);
  }

  private Dense dense(IntegerTensor input) {
    int channels = 1 + random.nextInt(19);
    Kernel kernel = kernel(List.of(input.size(), channels), channels);
    IntegerTensor output = output(input, kernel, List.of(channels));
    return new Dense(name("dense"), input, kernel, bias(channels), range(output), output);
  }

  private MaxPool maxPool(IntegerTensor input) {
    Window window = window(input, false);
    IntegerTensor output = tensor(slide(window, input, input.shape().get(2)), input.format());
    return new MaxPool(name("max"), input, window, output);
  }

  private AveragePool averagePool(IntegerTensor input) {
    Window window = window(input, false);
    IntegerTensor output =
        tensor(slide(window, input, input.shape().get(2)), format(input, random.nextInt(12) - 6));
    return new AveragePool(name("average"), input, window, range(output), output);
  }

  private Add add(IntegerTensor input) {
    IntegerTensor other =
        any(
            tensors.stream()
                .filter(tensor -> tensor.shape().equals(input.shape()))
                .filter(tensor -> distance(tensor, input) <= 32)
                .toList());
    IntegerTensor output = tensor(input.shape(), format(input, random.nextInt(6) - 2));
    return new Add(name("add"), input, other, range(output), output);
  }

  private static int distance(IntegerTensor left, IntegerTensor right) {
    return Math.abs(left.format().exponent() - right.format().exponent());
  }

  private Concat concat(IntegerTensor input) {
    int axis = random.nextInt(input.rank());
    IntegerTensor other =
        any(tensors.stream().filter(tensor -> tensor.shape().equals(input.shape())).toList());
    List<Integer> shape = new ArrayList<>(input.shape());
    shape.set(axis, 2 * shape.get(axis));
    IntegerTensor output = tensor(shape, format(input, random.nextInt(6) - 2));
    return new Concat(name("concat"), List.of(input, other), axis, range(output), output);
  }

  private Pad pad(IntegerTensor input) {
    List<Integer> before = input.shape().stream().map(length -> random.nextInt(3)).toList();
    List<Integer> after = input.shape().stream().map(length -> random.nextInt(3)).toList();
    List<Integer> shape =
        IntStream.range(0, input.rank())
            .mapToObj(axis -> before.get(axis) + input.shape().get(axis) + after.get(axis))
            .toList();
    return new Pad(name("pad"), input, before, after, tensor(shape, input.format()));
  }

  private Reshape flatten(IntegerTensor input) {
    return new Reshape(name("flatten"), input, tensor(List.of(input.size()), input.format()));
  }

  private Requantize requantize(IntegerTensor input) {
    int shift = random.nextInt(4) == 0 ? random.nextInt(60) - 30 : random.nextInt(6) - 3;
    IntegerTensor output = tensor(input.shape(), format(input, shift));
    return new Requantize(name("requantize"), input, range(output), output);
  }

  private String name(String kind) {
    return kind + ops.size();
  }

  private IntegerTensor tensor(List<Integer> shape, TensorFormat format) {
    return new IntegerTensor("block/tensor" + ops.size() + ":0", shape, format);
  }

  private TensorFormat format(IntegerTensor near, int shift) {
    return format(near.format().exponent() + shift);
  }

  private TensorFormat format(int exponent) {
    // Eight bits most of the time: they have paths of their own.
    int width = random.nextInt(3) == 0 ? 2 + random.nextInt(bits - 1) : Math.min(bits, 8);
    return new TensorFormat(width, Math.max(-60, Math.min(60, exponent)), random.nextInt(3) > 0);
  }

  /** Returns an output on whose grid most sums are neither 0 nor saturated. */
  private IntegerTensor output(IntegerTensor input, Kernel kernel, List<Integer> shape) {
    int exponent = input.format().exponent() + kernel.exponent(0);
    int shift =
        random.nextInt(6) == 0 ? random.nextInt(90) - 30 : kernel.bits() + random.nextInt(6) - 2;
    return tensor(shape, format(exponent + shift));
  }

  private CodeRange range(IntegerTensor output) {
    CodeRange six = CodeRange.relu6(output.format());
    return switch (random.nextInt(4)) {
      case 0 -> CodeRange.relu(output.format());
      case 1 -> six.max() > 0 ? six : CodeRange.all(output.format());
      default -> CodeRange.all(output.format());
    };
  }

  private Kernel kernel(List<Integer> shape, int channels) {
    TensorFormat format = format(-random.nextInt(9));
    int base = format.exponent();
    boolean alike = random.nextBoolean();
    List<Integer> exponents =
        IntStream.range(0, alike ? 1 : channels)
            .mapToObj(channel -> alike ? base : base - random.nextInt(5))
            .toList();
    int size = shape.stream().reduce(1, Math::multiplyExact);
    boolean extreme = random.nextInt(4) == 0;
    int[] codes =
        IntStream.range(0, size)
            .map(
                i -> {
                  int code =
                      format.minCode() + random.nextInt(format.maxCode() - format.minCode() + 1);
                  return extreme && code > 0 ? format.maxCode() : code;
                })
            .toArray();
    return new Kernel(shape, format.bits(), format.signed(), exponents, Codes.of(codes));
  }

  private Codes bias(int channels) {
    int reach = 1 + random.nextInt(random.nextInt(6) == 0 ? Integer.MAX_VALUE : 5000);
    int[] codes = random.ints(channels).map(code -> code % reach).toArray();
    if (random.nextInt(12) == 0) {
      codes[0] = Integer.MIN_VALUE;
    }
    return Codes.of(codes);
  }

  private Window window(IntegerTensor input, boolean dilated) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    while (true) {
      Window window = Window.of(size(4), size(4)).withStrides(size(2), size(2));
      if (dilated && random.nextInt(3) == 0) {
        window = window.withDilations(size(3), size(3));
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

  private int size(int most) {
    return 1 + random.nextInt(most);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
