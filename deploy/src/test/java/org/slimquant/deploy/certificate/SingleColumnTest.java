package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;

/**
 * Convolutions over one channel whose output has one column, which TensorFlow may compute wrongly
 * with oneDNN.
 */
final class SingleColumnTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  @Test
  void oneColumnOfSeveralRows() {
    ExactnessCertificate certificate =
        ExactnessCertificate.of(convolution(4, 1, 1, Window.of(1, 4).withStrides(1, 2)));

    assertThat(certificate.exact()).isFalse();
    assertThat(certificate.op("conv").excesses())
        .containsExactly(new Excess(Rule.SINGLE_COLUMN, 4));
    assertThat(certificate.toString())
        .contains(
            "conv (Conv2D) all: a Conv2D over one channel with strides of 1 row and several columns"
                + " must have more than one column of output, or one row, for TensorFlow's oneDNN"
                + " kernels with AVX-512 to add right, but has one column of 4 rows, beyond by 3;"
                + " choose a stride above 1 for the rows too, or a padding that gives a second"
                + " column; or set TF_ENABLE_ONEDNN_OPTS=0 wherever the graph runs");
    assertThat(certificate.toJson()).contains("\"rule\": \"SINGLE_COLUMN\"");
  }

  @Test
  void neighboursOfTheRule() {
    assertThat(isExact(convolution(4, 3, 1, Window.of(1, 4).withStrides(1, 2)))).isTrue();
    assertThat(isExact(convolution(1, 1, 1, Window.of(1, 4).withStrides(1, 2)))).isTrue();
    assertThat(isExact(convolution(4, 1, 2, Window.of(1, 4).withStrides(1, 2)))).isTrue();
    assertThat(isExact(convolution(4, 1, 1, Window.of(4, 1).withStrides(1, 2)))).isTrue();
    assertThat(isExact(convolution(4, 1, 1, Window.of(1, 4).withStrides(2, 2)))).isTrue();
    assertThat(isExact(convolution(4, 1, 1, Window.of(1, 4)))).isTrue();
  }

  /** What the rule lets through is right here; what it does not may be wrong. */
  @Test
  void smallConvolutions() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int certified = 0;
    int wrong = 0;
    int uncertified = 0;
    for (int i = 0; i < 400; i++) {
      Window window =
          Window.of(1 + random.nextInt(5), 1 + random.nextInt(5))
              .withStrides(1 + random.nextInt(2), 1 + random.nextInt(3));
      IntegerModel model =
          convolution(1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(2), window);
      boolean differs =
          !FloatComparison.of(model, RandomCodes.of(seed + i, model.input(), 3))
              .differing()
              .isEmpty();
      if (isExact(model)) {
        assertWithMessage("seed %s, model\n%s", seed, model).that(differs).isFalse();
        certified++;
      } else {
        uncertified++;
        wrong += differs ? 1 : 0;
      }
    }
    System.out.printf(
        "convolutions of one column: %d of %d are wrong in TensorFlow here, seed %d%n",
        wrong, uncertified, seed);
    assertThat(certified).isAtLeast(300);
    assertThat(uncertified).isAtLeast(5);
  }

  private static boolean isExact(IntegerModel model) {
    return ExactnessCertificate.of(model).exact();
  }

  private static IntegerModel convolution(int rows, int columns, int channels, Window sliding) {
    Window window = sliding.withSamePadding(rows, columns);
    List<Integer> kernel = List.of(window.height(), window.width(), channels, 3);
    int[] codes =
        new Random(rows)
            .ints((long) window.height() * window.width() * channels * 3, -127, 128)
            .toArray();
    return OneOp.model(
        new Conv2D(
            "conv",
            new IntegerTensor("x", List.of(rows, columns, channels), INT8),
            Kernel.of(kernel, FixedPoint.signed(8, -7), codes),
            Codes.zeros(3),
            window,
            CodeRange.all(INT8),
            new IntegerTensor(
                "y", List.of(window.outputRows(rows), window.outputColumns(columns), 3), INT8)));
  }
}
