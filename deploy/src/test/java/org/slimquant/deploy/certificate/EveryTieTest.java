package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;

/**
 * At the bounds of what is certified, TensorFlow rounds every tie and its neighbours as integers.
 */
final class EveryTieTest {

  private static final int EXACT_BITS = 24;

  // Enough for vectors.
  private static final int DEPTH = 8;

  @Test
  void signedSums() {
    int bias = -(1 << (EXACT_BITS - 1));
    for (int bits = 2; bits <= 16; bits++) {
      // The shift of the last tie that is certified; at two bits there is no tie but 1/2.
      int shift = EXACT_BITS - bits + (bits == 2 ? 1 : 0);
      assertEveryTieAgrees(bias, FixedPoint.signed(bits, shift));
    }
  }

  @Test
  void unsignedSums() {
    for (int bits = 2; bits <= 16; bits++) {
      assertEveryTieAgrees(0, FixedPoint.unsigned(bits, EXACT_BITS - bits));
      assertEveryTieAgrees(0, FixedPoint.unsigned(bits, EXACT_BITS));
    }
  }

  private static void assertEveryTieAgrees(int bias, FixedPoint output) {
    long half = 1L << (output.frac() - 1);
    int[] sums =
        IntStream.range(output.minCode(), output.maxCode())
            .mapToLong(code -> (2L * code + 1) * half)
            .filter(tie -> tie > bias && tie + 1 < bias + (1L << EXACT_BITS))
            .mapToInt(Math::toIntExact)
            .flatMap(tie -> IntStream.rangeClosed(tie - 1, tie + 1))
            .toArray();
    assertThat(sums).isNotEmpty();
    IntegerModel model = OneOp.ofDigits(bias, output);
    assertAgrees(model, OneOp.digits(bias, sums), sums.length);
  }

  @Test
  void allAveragesOfAnImage() {
    for (int rows : new int[] {1, 2, 3, 5, 7}) {
      for (int columns : new int[] {3, 4, 6, 7}) {
        int count = rows * columns;
        int[] sums = IntStream.rangeClosed(-127 * count, 127 * count).toArray();
        for (boolean mean : new boolean[] {false, true}) {
          // At shift 1 of an odd count, and 0 of an even one, sums meet ties.
          for (int shift = -1; shift <= 1; shift++) {
            List<Integer> image = List.of(rows, columns, DEPTH);
            FixedPoint output = FixedPoint.signed(8, -4 + shift);
            IntegerModel model = OneOp.average(image, mean, FixedPoint.signed(8, -4), output);
            assertAgrees(model, OneOp.images(image, sums), sums.length * DEPTH);
          }
        }
      }
    }
  }

  private static void assertAgrees(IntegerModel model, int[] input, int outputs) {
    assertWithMessage("certificate\n%s", ExactnessCertificate.of(model))
        .that(ExactnessCertificate.of(model).exact())
        .isTrue();
    assertWithMessage("model\n%s", model)
        .that(FloatComparison.of(model, input))
        .isEqualTo(new FloatComparison(outputs, Map.of()));
  }
}
