package org.slimquant.model.analysis;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Maximum;
import org.slimquant.model.Minimum;
import org.slimquant.model.Multiply;
import org.slimquant.model.Subtract;
import org.slimquant.model.testing.TinyModel;

/** Compares bounds of sums with every possible sum. */
final class SumBoundsTest {

  private static final int INPUTS = 3;
  private static final int CHANNELS = 2;

  @Test
  void everyPartialSumOfADenseLayer() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Dense dense = dense(random);
      CodeRange codes = range(random, dense.input().format());

      List<SumBounds> bounds = SumBounds.of(dense, codes);

      for (int channel = 0; channel < CHANNELS; channel++) {
        assertWithMessage("seed %s, channel %s", seed, channel)
            .that(bounds.get(channel))
            .isEqualTo(bruteForce(dense, codes, channel));
      }
    }
  }

  /** Returns the bounds over all inputs that a term may have, including 0. */
  private static SumBounds bruteForce(Dense dense, CodeRange codes, int channel) {
    int bias = dense.bias().get(channel);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    long magnitude = 0;
    int width = codes.max() - codes.min() + 2;
    for (int i = 0; i < Math.pow(width, INPUTS); i++) {
      long sum = 0;
      for (int input = 0, rest = i; input < INPUTS; input++, rest /= width) {
        // The last of the digits represents a missing term.
        int x = rest % width == width - 1 ? 0 : codes.min() + rest % width;
        sum += (long) x * dense.kernel().codes().get(input * CHANNELS + channel);
      }
      min = Math.min(min, sum + bias);
      max = Math.max(max, sum + bias);
      magnitude = Math.max(magnitude, Math.max(Math.abs(sum), Math.abs(sum + bias)));
    }
    return new SumBounds(min, max, Math.max(magnitude, Math.abs((long) bias)));
  }

  @Test
  void magnitudesHoldForCodesOfAnySign() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Dense dense = dense(random);
      int largest = dense.input().format().maxCode();

      long[] magnitudes = SumBounds.magnitudes(dense);

      List<SumBounds> symmetric = SumBounds.of(dense, new CodeRange(-largest, largest));
      for (int channel = 0; channel < CHANNELS; channel++) {
        assertWithMessage("seed %s, channel %s", seed, channel)
            .that(magnitudes[channel])
            .isEqualTo(symmetric.get(channel).magnitude());
      }
    }
  }

  @Test
  void magnitudesOfALayer() {
    assertThat(SumBounds.magnitudes(TinyModel.model().layer("conv1")))
        .isEqualTo(new long[] {131 * 255 + 70000, 142 * 255 + 5});
  }

  @Test
  void everyResultOfTwoTensors() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      IntegerTensor left = tensor("left", random);
      IntegerTensor right = tensor("right", random);
      FixedPoint format = FixedPoint.signed(8, 0);
      IntegerTensor output = new IntegerTensor("y", left.shape(), format);
      CodeRange all = CodeRange.all(format);
      CodeRange a = range(random, left.format());
      CodeRange b = range(random, right.format());
      for (BinaryOp op :
          List.of(
              new Add("add", left, right, all, output),
              new Subtract("subtract", left, right, all, output),
              new Multiply("multiply", left, right, all, output),
              new Maximum("maximum", left, right, all, output),
              new Minimum("minimum", left, right, all, output))) {
        assertWithMessage("seed %s, %s", seed, op)
            .that(SumBounds.of(op, a, b))
            .isEqualTo(tried(op, a, b));
      }
    }
  }

  /** Returns the bounds of the results of all codes of two ranges. */
  private static SumBounds tried(BinaryOp op, CodeRange a, CodeRange b) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    long magnitude = 0;
    boolean isProduct = op.kind() == BinaryOp.Kind.MULTIPLY;
    for (long x = a.min(); x <= a.max(); x++) {
      for (long y = b.min(); y <= b.max(); y++) {
        long p = x << (isProduct ? 0 : op.left().format().frac() - op.resultExponent());
        long q = y << (isProduct ? 0 : op.right().format().frac() - op.resultExponent());
        long result =
            switch (op.kind()) {
              case ADD -> p + q;
              case SUBTRACT -> p - q;
              case MULTIPLY -> p * q;
              case MAXIMUM -> Math.max(p, q);
              case MINIMUM -> Math.min(p, q);
            };
        min = Math.min(min, result);
        max = Math.max(max, result);
        long term = isProduct ? 0 : Math.max(Math.abs(p), Math.abs(q));
        magnitude = Math.max(magnitude, Math.max(Math.abs(result), term));
      }
    }
    return new SumBounds(min, max, magnitude);
  }

  @Test
  void sumsOfACount() {
    assertThat(SumBounds.of(new CodeRange(-3, 5), 4)).isEqualTo(new SumBounds(-12, 20, 20));
    assertThat(SumBounds.of(new CodeRange(2, 5), 1)).isEqualTo(new SumBounds(2, 5, 5));
    assertThat(SumBounds.of(new CodeRange(-7, -2), 1)).isEqualTo(new SumBounds(-7, -2, 7));
  }

  @Test
  void codesOfShiftedSums() {
    SumBounds sums = new SumBounds(-6, 1L << 60, 1L << 60);
    CodeRange clamp = new CodeRange(-127, 127);
    // -6 / 4 + 1/2 is -1.
    assertThat(sums.codes(2, clamp)).isEqualTo(new CodeRange(-1, 127));
    assertThat(sums.codes(0, clamp)).isEqualTo(new CodeRange(-6, 127));
    assertThat(sums.codes(-4, clamp)).isEqualTo(new CodeRange(-96, 127));
    assertThat(sums.codes(-300, clamp)).isEqualTo(clamp);
    assertThat(sums.codes(300, clamp)).isEqualTo(new CodeRange(0, 0));
  }

  private static Dense dense(Random random) {
    IntegerTensor input =
        new IntegerTensor(
            "x",
            List.of(INPUTS),
            new FixedPoint(2 + random.nextInt(2), random.nextInt(3), random.nextBoolean()));
    IntegerTensor output = new IntegerTensor("y", List.of(CHANNELS), FixedPoint.signed(8, 0));
    int[] codes = random.ints(INPUTS * CHANNELS, -7, 8).toArray();
    return new Dense(
        "dense",
        input,
        Kernel.of(List.of(INPUTS, CHANNELS), FixedPoint.signed(4, 0), codes),
        Codes.of(random.ints(CHANNELS, -20, 21).toArray()),
        CodeRange.all(output.format()),
        output);
  }

  private static IntegerTensor tensor(String name, Random random) {
    FixedPoint format =
        new FixedPoint(2 + random.nextInt(3), random.nextInt(4), random.nextBoolean());
    return new IntegerTensor(name, List.of(1), format);
  }

  private static CodeRange range(Random random, FixedPoint format) {
    int a = random.nextInt(format.minCode(), format.maxCode() + 1);
    int b = random.nextInt(format.minCode(), format.maxCode() + 1);
    return new CodeRange(Math.min(a, b), Math.max(a, b));
  }
}
