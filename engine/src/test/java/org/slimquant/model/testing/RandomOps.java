package org.slimquant.model.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.Window;

/** Ops of any kind, which read existing tensors. */
final class RandomOps {

  /** The number of kinds of ops. Convolutions and averages are counted more than once. */
  static final int KINDS = 20;

  private static final int FINEST = -20;
  private static final int FINEST_AVERAGE = -16;

  private final Random random;
  private final List<IntegerTensor> tensors;
  private final RandomWindows windows;
  private final RandomFormats formats;
  private final RandomOutputs outputs;
  private final RandomLayers layers;
  private final RandomFunctions functions;
  private final RandomBinaryOps binaries;

  RandomOps(
      Random random, List<IntegerTensor> tensors, RandomFormats formats, Weights.Source weights) {
    this.random = random;
    this.tensors = tensors;
    this.windows = new RandomWindows(random);
    this.formats = formats;
    this.outputs = new RandomOutputs(random, tensors);
    this.layers = new RandomLayers(random, windows, weights.of(random, formats), outputs);
    this.functions = new RandomFunctions(random, formats, outputs);
    this.binaries = new RandomBinaryOps(random, tensors, formats, outputs);
  }

  /**
   * Returns an op of a kind, or of another kind if a tensor is not an image.
   *
   * @param kind below {@link #KINDS}
   */
  IntegerOp op(int kind, IntegerTensor input) {
    if (kind < 9 && input.rank() != 3) {
      return input.rank() == 1 ? layers.dense(input) : noImage(input);
    }
    return switch (kind) {
      case 0, 1, 2 -> layers.conv(input);
      case 3, 4, 5 -> layers.depthwise(input);
      case 6 -> maxPool(input);
      case 7, 8 -> averagePool(input);
      case 9 -> binaries.op(input);
      case 10 -> concat(input);
      case 11 -> pad(input);
      case 12 -> requantize(input);
      case 13 -> slice(input);
      case 14 -> transpose(input);
      case 15 -> tile(input);
      case 16 -> input.rank() < 2 ? requantize(input) : binaries.matMul(input);
      case 17 -> functions.table(input);
      case 18 -> functions.leakyRelu(input);
      default -> reshape(input);
    };
  }

  private IntegerOp noImage(IntegerTensor input) {
    return random.nextBoolean() ? reshape(input) : requantize(input);
  }

  private MaxPool maxPool(IntegerTensor input) {
    Window window = windows.pooling(input);
    List<Integer> shape = RandomOutputs.slide(window, input, input.shape().get(2));
    return new MaxPool(outputs.name("max"), input, window, outputs.tensor(shape, input.format()));
  }

  private AveragePool averagePool(IntegerTensor input) {
    Window window =
        random.nextBoolean()
            ? windows.pooling(input)
            : Window.of(input.shape().get(0), input.shape().get(1));
    List<Integer> shape = RandomOutputs.slide(window, input, input.shape().get(2));
    boolean flat = shape.get(0) == 1 && shape.get(1) == 1 && random.nextBoolean();
    IntegerTensor output =
        outputs.tensor(flat ? shape.subList(2, 3) : shape, formats.near(input, FINEST_AVERAGE));
    return new AveragePool(outputs.name("average"), input, window, outputs.range(output), output);
  }

  private Concat concat(IntegerTensor input) {
    int axis = random.nextInt(input.rank());
    List<IntegerTensor> fitting =
        tensors.stream()
            .filter(tensor -> tensor.rank() == input.rank())
            .filter(tensor -> withLength(tensor, axis, 1).equals(withLength(input, axis, 1)))
            .toList();
    List<IntegerTensor> inputs = new ArrayList<>(List.of(input));
    for (int i = random.nextInt(3); i > 0; i--) {
      inputs.add(any(fitting));
    }
    int length = inputs.stream().mapToInt(tensor -> tensor.shape().get(axis)).sum();
    IntegerTensor output =
        outputs.tensor(withLength(input, axis, length), formats.near(input, FINEST));
    return new Concat(outputs.name("concat"), inputs, axis, outputs.range(output), output);
  }

  private static List<Integer> withLength(IntegerTensor tensor, int axis, int length) {
    List<Integer> shape = new ArrayList<>(tensor.shape());
    shape.set(axis, length);
    return shape;
  }

  private Pad pad(IntegerTensor input) {
    List<Integer> before = input.shape().stream().map(length -> random.nextInt(3)).toList();
    List<Integer> after = input.shape().stream().map(length -> random.nextInt(3)).toList();
    List<Integer> shape =
        IntStream.range(0, input.rank())
            .mapToObj(axis -> before.get(axis) + input.shape().get(axis) + after.get(axis))
            .toList();
    FixedPoint format = input.format();
    int code = random.nextBoolean() ? 0 : random.nextInt(format.minCode(), format.maxCode() + 1);
    return new Pad(outputs.name("pad"), input, before, after, code, outputs.tensor(shape, format));
  }

  private Slice slice(IntegerTensor input) {
    List<Integer> begin = new ArrayList<>();
    List<Integer> stride = new ArrayList<>();
    List<Integer> shape = new ArrayList<>();
    for (int length : input.shape()) {
      int first = random.nextInt(length);
      int step = random.nextBoolean() ? 1 + random.nextInt(3) : -1 - random.nextInt(3);
      int most = step > 0 ? (length - 1 - first) / step + 1 : first / -step + 1;
      begin.add(first);
      stride.add(step);
      shape.add(1 + random.nextInt(most));
    }
    return new Slice(
        outputs.name("slice"), input, begin, stride, outputs.tensor(shape, input.format()));
  }

  private Transpose transpose(IntegerTensor input) {
    List<Integer> permutation = new ArrayList<>(IntStream.range(0, input.rank()).boxed().toList());
    Collections.shuffle(permutation, random);
    List<Integer> shape = permutation.stream().map(input.shape()::get).toList();
    return new Transpose(
        outputs.name("transpose"), input, permutation, outputs.tensor(shape, input.format()));
  }

  private Tile tile(IntegerTensor input) {
    List<Integer> repeats = input.shape().stream().map(length -> 1 + random.nextInt(2)).toList();
    List<Integer> shape =
        IntStream.range(0, input.rank())
            .mapToObj(axis -> repeats.get(axis) * input.shape().get(axis))
            .toList();
    return new Tile(outputs.name("tile"), input, repeats, outputs.tensor(shape, input.format()));
  }

  private Requantize requantize(IntegerTensor input) {
    IntegerTensor output = outputs.tensor(input.shape(), formats.near(input, FINEST));
    return new Requantize(outputs.name("requantize"), input, outputs.range(output), output);
  }

  private Reshape reshape(IntegerTensor input) {
    int size = input.size();
    int columns = size % 3 == 0 ? 3 : size % 2 == 0 ? 2 : 1;
    List<Integer> shape =
        switch (random.nextInt(3)) {
          case 0 -> List.of(columns, size / columns);
          case 1 -> List.of(1, columns, size / columns);
          default -> List.of(size);
        };
    return new Reshape(outputs.name("reshape"), input, outputs.tensor(shape, input.format()));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
