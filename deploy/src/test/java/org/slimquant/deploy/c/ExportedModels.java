package org.slimquant.deploy.c;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Small models made by hand, and long ones of random ops. */
final class ExportedModels {

  private ExportedModels() {}

  /**
   * Returns a model of many random ops, so that one compiled program tries many.
   *
   * @param count the number of ops
   * @param bits the most bits that a code has
   */
  static IntegerModel random(long seed, int count, int bits) {
    return random(seed, count, Variety.ofBits(bits));
  }

  /** Returns such a model with several inputs and outputs. */
  static IntegerModel manyEnds(long seed, int count, int bits) {
    return random(seed, count, Variety.ofBits(bits).withManyEnds());
  }

  private static IntegerModel random(long seed, int count, Variety variety) {
    int bits = variety.mostBits();
    IntegerTensor input =
        new IntegerTensor("input", List.of(9, 8, 3), FixedPoint.signed(bits, -bits));
    Random random = new Random(seed);
    return RandomModel.of(
        seed, variety.of(input, count).accepting(model -> lives(model) || random.nextInt(8) == 0));
  }

  /** Whether more than a few codes are computed: what is all 0 or saturated hides what is wrong. */
  private static boolean lives(IntegerModel model) {
    Map<String, int[]> inputs = new HashMap<>();
    for (IntegerTensor input : model.inputs()) {
      inputs.put(
          input.name(),
          new Random(0)
              .ints(input.size(), input.format().minCode(), input.format().maxCode() + 1)
              .toArray());
    }
    return IntegerEngine.of(model).runCodes(inputs).values().stream()
        .allMatch(codes -> IntStream.of(codes).distinct().count() > 3);
  }

  /** Returns a convolution with a ReLU, a pooling, a flatten and a dense layer. */
  static IntegerModel tiny() {
    return tiny("tiny", "conv1/Conv2D", "conv1/Relu:0");
  }

  /** Returns the same with other names. */
  static IntegerModel tiny(String model, String op, String tensor) {
    FixedPoint images = FixedPoint.signed(8, -4);
    FixedPoint hidden = FixedPoint.signed(8, -3);
    IntegerTensor input = new IntegerTensor("images", List.of(4, 4, 1), images);
    IntegerTensor relu = new IntegerTensor(tensor, List.of(4, 4, 2), hidden);
    IntegerTensor pooled = new IntegerTensor("pool1/MaxPool:0", List.of(2, 2, 2), hidden);
    IntegerTensor flat = new IntegerTensor("Reshape:0", List.of(8), hidden);
    IntegerTensor logits = new IntegerTensor("logits", List.of(3), FixedPoint.signed(8, -1));
    return new IntegerModel(
        model,
        input,
        logits,
        List.of(
            new Conv2D(
                op,
                input,
                new Kernel(
                    List.of(3, 3, 1, 2), 8, true, List.of(-6, -7), Codes.of(ramp(18, -80, 9))),
                Codes.of(100, -200),
                Window.of(3, 3).withSamePadding(4, 4),
                CodeRange.relu(hidden),
                relu),
            new MaxPool("pool1/MaxPool", relu, Window.of(2, 2).withStrides(2, 2), pooled),
            new Reshape("Reshape", pooled, flat),
            new Dense(
                "dense1/MatMul",
                flat,
                Kernel.of(List.of(8, 3), FixedPoint.signed(8, -6), ramp(24, 100, -8)),
                Codes.of(0, 64, -64),
                CodeRange.all(logits.format()),
                logits)));
  }

  private static int[] ramp(int size, int first, int step) {
    return IntStream.range(0, size).map(i -> first + i * step).toArray();
  }

  /** Returns a dense layer with one input and one output. */
  static IntegerModel scalar(FixedPoint format, int weight, int bias, int outputExponent) {
    IntegerTensor input = new IntegerTensor("x", List.of(1), format);
    IntegerTensor output = new IntegerTensor("y", List.of(1), FixedPoint.signed(8, outputExponent));
    return new IntegerModel(
        "scalar",
        input,
        output,
        List.of(
            new Dense(
                "dense",
                input,
                Kernel.of(List.of(1, 1), FixedPoint.signed(8, 0), weight),
                Codes.of(bias),
                CodeRange.all(output.format()),
                output)));
  }

  /** Returns a model whose output is its input under another shape. */
  static IntegerModel reshapeOnly() {
    FixedPoint format = FixedPoint.signed(12, -4);
    IntegerTensor input = new IntegerTensor("input", List.of(2, 3), format);
    IntegerTensor flat = new IntegerTensor("flat", List.of(6), format);
    return new IntegerModel("reshape", input, flat, List.of(new Reshape("flat", input, flat)));
  }

  /**
   * Returns a model with two inputs and four outputs: an input, the same under another shape, a
   * tensor that a convolution reads, and the same under another shape.
   */
  static IntegerModel severalEnds() {
    FixedPoint narrow = FixedPoint.signed(8, -4);
    FixedPoint wide = FixedPoint.unsigned(16, -9);
    IntegerTensor left = new IntegerTensor("left", List.of(2, 3, 1), narrow);
    IntegerTensor right = new IntegerTensor("right/image:0", List.of(2, 3, 1), wide);
    IntegerTensor flat = new IntegerTensor("flat", List.of(6), narrow);
    IntegerTensor sum = new IntegerTensor("sum", List.of(2, 3, 1), wide);
    IntegerTensor rows = new IntegerTensor("rows", List.of(1, 6), wide);
    IntegerTensor last = new IntegerTensor("last", List.of(2, 3, 1), narrow);
    return new IntegerModel(
        "several",
        List.of(left, right),
        List.of(rows, left, last, sum, flat),
        List.of(
            new Reshape("flat", left, flat),
            new Add("sum", left, right, CodeRange.all(wide), sum),
            new Reshape("rows", sum, rows),
            new Conv2D(
                "last",
                sum,
                Kernel.of(List.of(2, 2, 1, 1), narrow, 1, -2, 3, 4),
                Codes.of(5),
                Window.of(2, 2).withSamePadding(2, 3),
                CodeRange.all(narrow),
                last)));
  }

  /** Returns a sum with a tensor that is always 0, and whose step is 2^32 times as large. */
  static IntegerModel sumWithZeros() {
    FixedPoint fine = FixedPoint.signed(8, -16);
    FixedPoint coarse = FixedPoint.signed(8, 16);
    IntegerTensor input = new IntegerTensor("input", List.of(6), fine);
    IntegerTensor relu6 = new IntegerTensor("relu6", List.of(6), coarse);
    IntegerTensor sum = new IntegerTensor("sum", List.of(6), fine);
    return new IntegerModel(
        "sum_with_zeros",
        input,
        sum,
        List.of(
            new Requantize("relu6", input, CodeRange.relu6(coarse), relu6),
            new Add("sum", input, relu6, CodeRange.all(fine), sum)));
  }

  /** Returns a model whose output another op reads too, through a reshape. */
  static IntegerModel outputReadAgain() {
    FixedPoint wide = FixedPoint.unsigned(9, -4);
    IntegerTensor input = new IntegerTensor("input", List.of(2, 3), FixedPoint.signed(8, -4));
    IntegerTensor middle = new IntegerTensor("middle", List.of(2, 3), wide);
    IntegerTensor flat = new IntegerTensor("flat", List.of(6), wide);
    IntegerTensor last = new IntegerTensor("last", List.of(6), FixedPoint.signed(4, -1));
    return new IntegerModel(
        "read_again",
        input,
        flat,
        List.of(
            new Requantize("requantize1", input, CodeRange.all(wide), middle),
            new Reshape("flat", middle, flat),
            new Requantize("requantize2", flat, CodeRange.all(last.format()), last)));
  }
}
