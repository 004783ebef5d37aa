package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;

/** Just beyond each rule there are models whose codes differ in TensorFlow. */
final class BeyondTheRulesTest {

  private static final FixedPoint UINT8 = FixedPoint.unsigned(8, 0);
  private static final FixedPoint UINT16 = FixedPoint.unsigned(16, 0);
  private static final FixedPoint INT16 = FixedPoint.signed(16, 0);

  /** 2^24 + 255 is no float32; it becomes 2^24 + 256, which is a tie at shift 9. */
  @Test
  void sumBeyondTwoToThe24() {
    IntegerModel model = OneOp.dense(UINT8, UINT16, 1021, FixedPoint.unsigned(16, 9), 32768, 33022);

    assertDiffers(model, new Excess(Rule.SUM, (1 << 24) + 255), 255, 255);
  }

  /** The sum is 1, but on the way to it the products add up to 2^24 + 119. */
  @Test
  void partialSumBeyondTwoToThe24() {
    IntegerModel model =
        OneOp.dense(
            FixedPoint.unsigned(7, 0),
            UINT16,
            -(1 << 24) - 118,
            FixedPoint.signed(8, 0),
            65535,
            33285,
            33285);

    assertDiffers(model, new Excess(Rule.SUM, (1 << 24) + 119), 127, 127, 127);
  }

  @Test
  void addBeyondTwoToThe24() {
    IntegerTensor x = new IntegerTensor("x", List.of(2), INT16);
    IntegerTensor left = new IntegerTensor("left", List.of(1), FixedPoint.signed(16, 9));
    IntegerTensor right = new IntegerTensor("right", List.of(1), INT16);
    IntegerTensor sum = new IntegerTensor("sum", List.of(1), FixedPoint.unsigned(16, 9));
    IntegerModel model =
        new IntegerModel(
            "add",
            x,
            sum,
            List.of(
                select("first", x, left, 1, 0),
                select("second", x, right, 0, 1),
                new Add("add", left, right, CodeRange.all(sum.format()), sum)));

    assertDiffers(model, new Excess(Rule.SUM, 32767 * 512 + 32767), 32767, 767);
  }

  private static Dense select(String name, IntegerTensor x, IntegerTensor output, int... weights) {
    return new Dense(
        name,
        x,
        Kernel.of(List.of(2, 1), FixedPoint.signed(2, output.format().frac()), weights),
        Codes.zeros(1),
        CodeRange.all(output.format()),
        output);
  }

  /** 2^-17 steps under a tie at the top of 8 bits: less the lower bound, it needs 25 bits. */
  @Test
  void roundingToSignedCodesIn25Bits() {
    IntegerModel model = OneOp.dense(UINT8, UINT16, -3, FixedPoint.signed(8, 17), 32768, 32254);

    assertDiffers(model, new Excess(Rule.ROUNDING, 25), 255, 255);
  }

  /** 2^-25 steps under the tie 1/2: the sum with 1/2 is 1. */
  @Test
  void roundingToUnsignedCodesIn25Bits() {
    IntegerModel model = OneOp.dense(UINT8, UINT16, 0, FixedPoint.unsigned(8, 25), 32768, 33025);

    assertDiffers(model, new Excess(Rule.ROUNDING, 25), 255, 255);
  }

  @Test
  void requantizationIn25Bits() {
    IntegerModel model = OneOp.requantize(UINT16, FixedPoint.signed(16, 9));

    assertDiffers(model, new Excess(Rule.ROUNDING, 25), 255 * 256 - 1);
  }

  @Test
  void concatIn25Bits() {
    IntegerTensor x = new IntegerTensor("x", List.of(1), UINT16);
    IntegerTensor both = new IntegerTensor("both", List.of(2), FixedPoint.signed(16, 9));
    Concat concat = new Concat("concat", List.of(x, x), 0, CodeRange.all(both.format()), both);

    assertDiffers(OneOp.model(concat), new Excess(Rule.ROUNDING, 25), 255 * 256 - 1);
  }

  /** 1/640 steps under a tie, at the top of 16 bits, where float32 has steps of 1/256. */
  @Test
  void averageOfFiveIn25Bits() {
    List<Integer> image = List.of(1, 5, 1);
    int under = 201 * 5 * 64 - 1;
    for (boolean mean : new boolean[] {false, true}) {
      IntegerModel model = OneOp.average(image, mean, UINT16, FixedPoint.signed(16, 7));

      assertDiffers(model, new Excess(Rule.ROUNDING, 25), OneOp.images(image, new int[] {under}));
    }
  }

  /** The product 2^-127 is half a step of the output, but subnormal, and flushed to 0. */
  @Test
  void subnormalProduct() {
    IntegerModel model =
        OneOp.dense(
            FixedPoint.unsigned(8, -64),
            FixedPoint.unsigned(8, -63),
            0,
            FixedPoint.unsigned(8, -126),
            1);

    assertDiffers(model, new Excess(Rule.SMALLEST, 127), 1);
  }

  /** The sum is 7 * 2^120, but on the way to it the products add up to more than 2^128. */
  @Test
  void infinitePartialSum() {
    IntegerModel model =
        OneOp.dense(
            FixedPoint.unsigned(8, 60),
            FixedPoint.unsigned(8, 60),
            -250,
            FixedPoint.signed(8, 120),
            1,
            1);

    assertDiffers(model, new Excess(Rule.LARGEST, 129), 255, 2);
  }

  private static void assertDiffers(IntegerModel model, Excess excess, int... input) {
    ExactnessCertificate certificate = ExactnessCertificate.of(model);
    String last = model.ops().get(model.ops().size() - 1).name();

    assertThat(certificate.exact()).isFalse();
    for (SumProof sum : certificate.op(last).sums()) {
      assertWithMessage("%s", certificate).that(sum.excesses()).containsExactly(excess);
    }
    assertThat(FloatComparison.of(model, input).differing().keySet()).containsExactly(last);
  }
}
