package org.slimquant.deploy.certificate;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Requantize;
import org.slimquant.model.Window;

/** Models of one op. */
final class OneOp {

  private static final FixedPoint DIGIT = FixedPoint.unsigned(8, 0);

  private OneOp() {}

  static IntegerModel model(IntegerOp op) {
    return new IntegerModel("one", op.inputs().get(0), op.output(), List.of(op));
  }

  /** Returns a dense layer with one output: {@code Σ x·w + b}. */
  static IntegerModel dense(
      FixedPoint input, FixedPoint kernel, int bias, FixedPoint output, int... weights) {
    return model(
        new Dense(
            "dense",
            new IntegerTensor("x", List.of(weights.length), input),
            Kernel.of(List.of(weights.length, 1), kernel, weights),
            Codes.of(bias),
            CodeRange.all(output),
            new IntegerTensor("y", List.of(1), output)));
  }

  /**
   * Returns a dense layer that rounds any number from bias to bias + 2^24 - 1, which {@link
   * #digits} gives.
   */
  static IntegerModel ofDigits(int bias, FixedPoint output) {
    return dense(DIGIT, FixedPoint.unsigned(16, 0), bias, output, 1, 256, 32768, 32768);
  }

  /** Returns the inputs that make the sums of {@link #ofDigits} these numbers. */
  static int[] digits(int bias, int[] sums) {
    return IntStream.of(sums)
        .map(sum -> sum - bias)
        .flatMap(rest -> IntStream.of(rest & 255, (rest >> 8) & 255, rest >> 16, rest >> 16))
        .toArray();
  }

  static IntegerModel requantize(FixedPoint input, FixedPoint output) {
    return model(
        new Requantize(
            "requantize",
            new IntegerTensor("x", List.of(1), input),
            CodeRange.all(output),
            new IntegerTensor("y", List.of(1), output)));
  }

  /**
   * Returns the average of an image.
   *
   * @param mean whether TensorFlow computes it by a mean instead of a pooling
   */
  static IntegerModel average(
      List<Integer> image, boolean mean, FixedPoint input, FixedPoint output) {
    int channels = image.get(2);
    return model(
        new AveragePool(
            "average",
            new IntegerTensor("x", image, input),
            Window.of(image.get(0), image.get(1)),
            CodeRange.all(output),
            new IntegerTensor("y", mean ? List.of(channels) : List.of(1, 1, channels), output)));
  }

  /** Returns an image for each sum: in each channel codes near each other that have that sum. */
  static int[] images(List<Integer> image, int[] sums) {
    int size = image.get(0) * image.get(1);
    int channels = image.get(2);
    return IntStream.of(sums)
        .flatMap(
            sum ->
                IntStream.range(0, size * channels)
                    .map(i -> i / channels)
                    .map(i -> Math.floorDiv(sum, size) + (i < Math.floorMod(sum, size) ? 1 : 0)))
        .toArray();
  }
}
