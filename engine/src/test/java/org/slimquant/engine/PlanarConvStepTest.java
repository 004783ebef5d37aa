package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;

/** Tests convolutions with more pixels than are summed at once. */
final class PlanarConvStepTest {

  @Test
  void everyWindowOverManyPixels() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Window window =
          new Window(
              1 + random.nextInt(3),
              1 + random.nextInt(4),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              new Padding(
                  random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3)));
      Conv2D conv = conv(random, 40, 20 + random.nextInt(20), window, random.nextBoolean());
      assertWithMessage("seed %s", seed).that(PlanarConvStep.suits(conv)).isTrue();
      assertMatchesOracle(seed, conv);
    }
  }

  @Test
  void rowLongerThanWhatIsSummedAtOnce() {
    assertMatchesOracle(1, conv(new Random(1), 3, 400, Window.of(2, 3), true));
  }

  @Test
  void moreChannelsThanPixels() {
    Conv2D conv = conv(new Random(1), 2, 3, Window.of(2, 3), true);
    assertThat(PlanarConvStep.suits(conv)).isFalse();
    assertMatchesOracle(1, conv);
  }

  @Test
  void windowOfThousandsOfElements() {
    for (int width : new int[] {4096, 4097}) {
      Conv2D conv = conv(new Random(1), 1, width + 40, Window.of(1, width), true);
      assertThat(PlanarConvStep.suits(conv)).isEqualTo(width == 4096);
      assertMatchesOracle(1, conv);
    }
  }

  /** Some sums let two channels fit in one double, some do not, and some have 64 bits. */
  @Test
  void sumsOfAnySize() {
    for (int bits : new int[] {8, 14, 16}) {
      for (int bias : new int[] {0, (1 << 26) - 1 - 127 * 127, 1 << 26, Integer.MAX_VALUE}) {
        for (int seed = 0; seed < 8; seed++) {
          assertMatchesOracle(seed, extremes(new Random(seed), bits, bias));
        }
      }
    }
  }

  /**
   * Returns a convolution with one weight for each of three channels. The weights may be the
   * largest.
   */
  private static Conv2D extremes(Random random, int bits, int bias) {
    IntegerTensor input =
        new IntegerTensor("x", List.of(20, 20, 1), new FixedPoint(bits, 0, random.nextBoolean()));
    IntegerTensor output =
        new IntegerTensor("y", List.of(20, 20, 3), FixedPoint.signed(16, random.nextInt(17)));
    int largest = (1 << (bits - 1)) - 1;
    int[] weights = random.ints(3, 0, 3).map(i -> (i - 1) * largest).toArray();
    int[] signed = random.ints(3, 0, 2).map(i -> i == 0 ? bias : -bias).toArray();
    return new Conv2D(
        "conv",
        input,
        Kernel.of(List.of(1, 1, 1, 3), FixedPoint.signed(bits, 0), weights),
        Codes.of(signed),
        Window.of(1, 1),
        CodeRange.all(output.format()),
        output);
  }

  /** An array of each element of a kernel for each pixel of an image would take gigabytes. */
  @Test
  void longRowsBesideADeepKernel() {
    Conv2D wide = conv(new Random(1), 1, 1 << 21, Window.of(1, 1), true);
    IntegerTensor few = new IntegerTensor("few", List.of(1, 64, 3), FixedPoint.signed(8, 6));
    Window row = Window.of(1, 1 << 15);
    MaxPool pool = new MaxPool("pool", wide.output(), row.withStrides(1, 1 << 15), few);
    IntegerTensor many = new IntegerTensor("many", List.of(1, 64, 4096), FixedPoint.signed(8, 6));
    Conv2D spread = pointwise("spread", few, many);
    Conv2D deep = pointwise("deep", many, new IntegerTensor("z", List.of(1, 64, 3), few.format()));
    IntegerModel model =
        new IntegerModel("uneven", wide.input(), deep.output(), List.of(wide, pool, spread, deep));
    int[] input = RandomCodes.of(1, wide.input(), 1);
    assertThat(IntegerEngine.of(model).run(input)).isEqualTo(Oracle.run(model, input).get("z"));
  }

  private static Conv2D pointwise(String name, IntegerTensor input, IntegerTensor output) {
    int depth = input.shape().get(2);
    int channels = output.shape().get(2);
    int weights = depth * channels;
    Kernel kernel =
        new Kernel(
            List.of(1, 1, depth, channels),
            8,
            true,
            List.of(-5),
            Codes.of(new Random(2).ints(weights, -127, 128).toArray()));
    return new Conv2D(
        name,
        input,
        kernel,
        Codes.zeros(channels),
        Window.of(1, 1),
        CodeRange.all(output.format()),
        output);
  }

  private static void assertMatchesOracle(long seed, Conv2D conv) {
    IntegerModel model = new IntegerModel("conv", conv.input(), conv.output(), List.of(conv));
    int[] input = RandomCodes.of(seed, conv.input(), 1);
    assertWithMessage("seed %s, %s", seed, conv)
        .that(IntegerEngine.of(model).run(input))
        .isEqualTo(Oracle.run(model, input).get("y"));
  }

  /** Returns a convolution with three channels, which are shifted by different numbers of bits. */
  private static Conv2D conv(
      Random random, int rows, int columns, Window window, boolean unsigned) {
    int depth = 1 + random.nextInt(3);
    IntegerTensor input =
        new IntegerTensor("x", List.of(rows, columns, depth), new FixedPoint(8, 0, !unsigned));
    IntegerTensor output =
        new IntegerTensor(
            "y",
            List.of(window.outputRows(rows), window.outputColumns(columns), 3),
            FixedPoint.signed(8, 6));
    int weights = window.height() * window.width() * depth * 3;
    Kernel kernel =
        new Kernel(
            List.of(window.height(), window.width(), depth, 3),
            8,
            true,
            List.of(0, random.nextInt(9) - 4, 7),
            Codes.of(random.ints(weights, -127, 128).toArray()));
    Codes bias = Codes.of(IntStream.range(0, 3).map(c -> random.nextInt(2000) - 1000).toArray());
    return new Conv2D("conv", input, kernel, bias, window, CodeRange.all(output.format()), output);
  }
}
