package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;

/** What a certificate says, with figures made by hand. */
final class CertificateTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final IntegerTensor IMAGES =
      new IntegerTensor("images", List.of(4, 4, 1), FixedPoint.unsigned(8, -8));

  private static IntegerModel everyOp() {
    IntegerTensor relu = new IntegerTensor("relu", List.of(4, 4, 2), INT8);
    IntegerTensor pooled = new IntegerTensor("pooled", List.of(2, 2, 2), INT8);
    IntegerTensor padded = new IntegerTensor("padded", List.of(3, 3, 2), INT8);
    IntegerTensor relu6 = new IntegerTensor("relu6", List.of(2, 2, 2), FixedPoint.unsigned(8, -2));
    IntegerTensor sum = new IntegerTensor("sum", List.of(2, 2, 2), FixedPoint.signed(8, -3));
    IntegerTensor both = new IntegerTensor("both", List.of(2, 2, 4), FixedPoint.signed(8, -3));
    IntegerTensor mean = new IntegerTensor("mean", List.of(2, 2, 4), FixedPoint.signed(8, -2));
    IntegerTensor flat = new IntegerTensor("flat", List.of(16), mean.format());
    IntegerTensor logits = new IntegerTensor("logits", List.of(1), FixedPoint.signed(16, -4));
    int[] ones = new int[16];
    Arrays.fill(ones, 1);
    return new IntegerModel(
        "every op",
        IMAGES,
        logits,
        List.of(
            new Conv2D(
                "conv",
                IMAGES,
                new Kernel(
                    List.of(2, 2, 1, 2),
                    8,
                    true,
                    List.of(-7, -5),
                    Codes.of(1, -2, 3, -4, 127, -127, 0, 9)),
                Codes.of(-70000, 5),
                Window.of(2, 2).withSamePadding(4, 4),
                CodeRange.relu(INT8),
                relu),
            new MaxPool("pool", relu, Window.of(2, 2).withStrides(2, 2), pooled),
            new Pad("pad", pooled, List.of(0, 1, 0), List.of(1, 0, 0), padded),
            new DepthwiseConv2D(
                "depthwise",
                padded,
                Kernel.of(List.of(2, 2, 2, 1), FixedPoint.signed(4, -2), 7, -7, 1, 2, 3, 4, 5, 6),
                Codes.zeros(2),
                Window.of(2, 2),
                CodeRange.relu6(relu6.format()),
                relu6),
            new Add("add", pooled, relu6, CodeRange.all(sum.format()), sum),
            new Concat("concat", List.of(sum, pooled), 2, CodeRange.all(both.format()), both),
            new AveragePool(
                "mean",
                both,
                Window.of(2, 3).withSamePadding(2, 2),
                CodeRange.all(mean.format()),
                mean),
            new Reshape("flat", mean, flat),
            new Dense(
                "dense",
                flat,
                Kernel.of(List.of(16, 1), FixedPoint.signed(8, -3), ones),
                Codes.of(7),
                CodeRange.all(logits.format()),
                logits)));
  }

  /** The input is 0 .. 255: 131 is the sum of the first channel's weights, all positive. */
  @Test
  void channelsOfAConvolution() {
    assertThat(ExactnessCertificate.of(everyOp()).op("conv").sums())
        .containsExactly(
            // With the bias -70000 no sum is positive: none reaches a tie between 0 and 127.
            new SumProof("channel 0", 70000, 1, -15, 11, 0),
            // At most 9 · 255 + 5, and at least -133 · 255; ties to 4 + 1/2 at shift 9.
            new SumProof("channel 1", 133 * 255, 1, -13, 9, 9 + 8))
        .inOrder();
  }

  /** A max pool and a pad keep that nothing is negative behind the ReLU. */
  @Test
  void positiveAndNegativeWeightsBehindARelu() {
    assertThat(ExactnessCertificate.of(everyOp()).op("depthwise").sums())
        .containsExactly(
            new SumProof("channel 0", 16 * 127, 1, -6, 4, 4),
            new SumProof("channel 1", 12 * 127, 1, -6, 4, 4))
        .inOrder();
  }

  /** relu6 has codes to 24, of steps four times as large. */
  @Test
  void addAfterLeftShifts() {
    assertThat(ExactnessCertificate.of(everyOp()).op("add").sums())
        .containsExactly(new SumProof("all", 127 + 4 * 24, 1, -4, 1, 1 + 8));
  }

  @Test
  void concatRoundsEachInput() {
    assertThat(ExactnessCertificate.of(everyOp()).op("concat").sums())
        .containsExactly(
            new SumProof("input sum", 127, 1, -3, 0, 9),
            new SumProof("input pooled", 127, 1, -4, 1, 1 + 8))
        .inOrder();
  }

  /** Windows of 2 by 3 on an image of 2 by 2 have 2 columns in it, and 1 or 2 rows. */
  @Test
  void averagesAtTheBorder() {
    assertThat(ExactnessCertificate.of(everyOp()).op("mean").sums())
        .containsExactly(
            new SumProof("windows of 2", 2 * 127, 2, -3, 1, 2 + 8),
            new SumProof("windows of 4", 4 * 127, 4, -3, 1, 3 + 8))
        .inOrder();
  }

  @Test
  void averageOf49() {
    SumProof proof =
        ExactnessCertificate.of(
                OneOp.average(List.of(7, 7, 1), true, INT8, FixedPoint.signed(8, -5)))
            .op("average")
            .sums()
            .get(0);

    // 3 · 49 has 8 bits.
    assertThat(proof).isEqualTo(new SumProof("windows of 49", 49 * 127, 49, -4, -1, 8 + 1 + 8 - 2));
  }

  @Test
  void whatOnlyMovesCodes() {
    ExactnessCertificate certificate = ExactnessCertificate.of(everyOp());

    for (String op : List.of("pool", "pad", "flat")) {
      assertThat(certificate.op(op).sums()).isEmpty();
      assertThat(certificate.op(op).exact()).isTrue();
    }
  }

  @Test
  void exactlyTwoToThe24() {
    IntegerModel model = OneOp.ofDigits(1, FixedPoint.unsigned(8, 16));
    IntegerModel beyond = OneOp.ofDigits(2, FixedPoint.unsigned(8, 16));

    assertThat(ExactnessCertificate.of(model).op("dense").magnitude()).isEqualTo(1 << 24);
    assertThat(ExactnessCertificate.of(model).exact()).isTrue();
    assertThat(ExactnessCertificate.of(beyond).op("dense").sums().get(0).excesses())
        .containsExactly(new Excess(Rule.SUM, (1 << 24) + 1));
  }

  @Test
  void accumulators() {
    assertThat(new SumProof("all", 0, 1, 0, 0, 0).accumulatorBits()).isEqualTo(1);
    assertThat(new SumProof("all", 127, 1, 0, 0, 0).accumulatorBits()).isEqualTo(8);
    assertThat(new SumProof("all", 128, 1, 0, 0, 0).accumulatorBits()).isEqualTo(9);
    assertThat(new SumProof("all", Integer.MAX_VALUE, 1, 0, 0, 0).headroom()).isEqualTo(0);
    assertThat(new SumProof("all", 1L << 31, 1, 0, 0, 0).headroom()).isEqualTo(-1);
  }

  @Test
  void textOfWhatIsExact() {
    assertThat(ExactnessCertificate.of(everyOp()).toString())
        .isEqualTo(
            """
            Model every op is EXACT: its float32 fake-quant graph and its integers compute the \
            same codes for every input, in any order of summation.

            op         type             sums  largest  of 2^24  shift  rounding bits  accumulator  headroom
            conv       Conv2D           2     70000    0.417 %  9..11  0..17          18 bits      14 bits
            pool       MaxPool          moves codes
            pad        Pad              moves codes
            depthwise  DepthwiseConv2D  2     2032     0.012 %  4      4              12 bits      20 bits
            add        Add              1     223      0.001 %  1      9              9 bits       23 bits
            concat     Concat           2     127      0.001 %  0..1   9              8 bits       24 bits
            mean       AveragePool      2     508      0.003 %  1      10..11         10 bits      22 bits
            flat       Reshape          moves codes
            dense      Dense            1     2039     0.012 %  1      17             12 bits      20 bits

            Assumptions:
            """
                + assumptions());
  }

  private static String assumptions() {
    return ExactnessCertificate.assumptions().stream()
        .map(assumption -> "- " + assumption.text())
        .collect(Collectors.joining("\n"));
  }

  /** Three channels are beyond 2^24, of which the second is the furthest. */
  private static IntegerModel large() {
    FixedPoint int16 = FixedPoint.signed(16, 0);
    IntegerTensor x = new IntegerTensor("x", List.of(1), int16);
    IntegerTensor y = new IntegerTensor("y", List.of(4), FixedPoint.signed(16, 17));
    return new IntegerModel(
        "large",
        x,
        y,
        List.of(
            new Dense(
                "fc/1",
                x,
                Kernel.of(List.of(1, 4), int16, 1, -600, 700, 600),
                Codes.zeros(4),
                CodeRange.relu(y.format()),
                y)));
  }

  @Test
  void textOfWhatIsNotProven() {
    assertThat(ExactnessCertificate.of(large()).toString())
        .isEqualTo(
            """
            Model large is NOT PROVEN EXACT: its integers are right, but its float32 fake-quant \
            graph may compute other codes, for the following reasons.

            fc/1 (Dense) channel 2 and 2 more: a partial sum must be at most 2^24 = 16777216 for \
            float32 to add exactly, but can be 22936900, beyond by 6159684; choose fewer bits for \
            the input or the kernel, or smaller weights
            fc/1 (Dense) channel 1 and 2 more: a fake quant must round in at most 24 bits, but \
            needs 33, beyond by 9; choose a finer step or fewer bits for the output

            op    type   sums  largest   of 2^24    shift  rounding bits  accumulator  headroom
            fc/1  Dense  4     22936900  136.715 %  17     0..33          26 bits      6 bits

            Assumptions:
            """
                + assumptions());
  }

  @Test
  void json() {
    JsonObject json =
        JsonParser.parseString(ExactnessCertificate.of(large()).toJson()).getAsJsonObject();

    assertThat(
            json.getAsJsonArray("assumptions").asList().stream()
                .map(assumption -> assumption.getAsJsonObject().get("name").getAsString())
                .toList())
        .containsExactly(
            "GRAPH",
            "FLOAT32",
            "FULL_PRECISION",
            "SUMS_OF_PRODUCTS",
            "DIVISION",
            "FUNCTIONS",
            "SUBNORMALS",
            "INPUT")
        .inOrder();
    json.remove("assumptions");
    json.getAsJsonArray("ops").get(0).getAsJsonObject().getAsJsonArray("sums").remove(3);
    json.getAsJsonArray("ops").get(0).getAsJsonObject().getAsJsonArray("sums").remove(1);
    assertThat(json)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"model": "large", "exact": false, "ops": [
                  {"name": "fc/1", "type": "Dense", "exact": false, "accumulatorBits": 26,
                   "headroom": 6, "excesses": [], "sums": [
                     {"name": "channel 0", "exact": true, "magnitude": 32767, "divisor": 1,
                      "exponent": 0, "shift": 17, "roundingBits": 0, "accumulatorBits": 16,
                      "headroom": 16, "excesses": []},
                     {"name": "channel 2", "exact": false, "magnitude": 22936900, "divisor": 1,
                      "exponent": 0, "shift": 17, "roundingBits": 33, "accumulatorBits": 26,
                      "headroom": 6, "excesses": [
                        {"rule": "SUM", "actual": 22936900, "limit": 16777216},
                        {"rule": "ROUNDING", "actual": 33, "limit": 24}]}]}]}
                """));
  }

  @Test
  void hostileNamesInJson() {
    String name = "a\"b\\c\n</script>*/\u2028";
    IntegerTensor x = new IntegerTensor(name, List.of(1), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(1), INT8);
    IntegerModel model = new IntegerModel(name, x, y, List.of(new Reshape(name, x, y)));

    JsonObject json =
        JsonParser.parseString(ExactnessCertificate.of(model).toJson()).getAsJsonObject();

    assertThat(json.get("model").getAsString()).isEqualTo(name);
  }

  @Test
  void noSuchOp() {
    assertThat(
            assertThrows(
                NoSuchElementException.class, () -> ExactnessCertificate.of(large()).op("conv")))
        .hasMessageThat()
        .isEqualTo("op conv must be one of model large, but it has fc/1");
  }
}
