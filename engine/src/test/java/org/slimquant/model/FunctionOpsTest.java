package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.analysis.CodeRanges;

/** Tests the ops that compute a function of each number. */
final class FunctionOpsTest {

  private static final FixedPoint INT4 = FixedPoint.signed(4, -2);
  private static final FixedPoint UINT16 = FixedPoint.unsigned(16, -10);
  private static final IntegerTensor X = tensor("x", INT4);
  private static final TieDistance TIE = new TieDistance(-3, 0.5, false);

  private static IntegerTensor tensor(String name, FixedPoint format) {
    return new IntegerTensor(name, List.of(3), format);
  }

  private static Codes codes(int size, int last) {
    return Codes.of(IntStream.range(0, size).map(i -> i == size - 1 ? last : i % 4).toArray());
  }

  @Test
  void tableLooksUpCodes() {
    Table table = new Table("t", X, codes(15, 7), TIE, tensor("y", INT4));
    assertThat(table.code(-7)).isEqualTo(0);
    assertThat(table.code(-6)).isEqualTo(1);
    assertThat(table.code(7)).isEqualTo(7);
    assertThat(table.range()).isEqualTo(new CodeRange(0, 7));
    assertWithMessage("beyond the format").that(table.code(-8)).isEqualTo(0);
    assertWithMessage("beyond the format").that(table.code(8)).isEqualTo(7);
  }

  @Test
  void tableOfAnotherSize() {
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> new Table("t", X, codes(16, 7), TIE, tensor("y", INT4))))
        .hasMessageThat()
        .isEqualTo(
            "op t (Table) must have 15 codes, one for each code of its input x [3] int4 * 2^-2, but"
                + " has 16");
  }

  @Test
  void tableOfForeignCodes() {
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> new Table("t", X, codes(15, 8), TIE, tensor("y", INT4))))
        .hasMessageThat()
        .isEqualTo(
            "op t (Table) must have codes of its output y [3] int4 * 2^-2, but has 8 for code 7");
  }

  @Test
  void distanceThatIsNoNumber() {
    assertThat(
            assertThrows(
                IllegalArgumentException.class, () -> new TieDistance(0, Double.NaN, true)))
        .hasMessageThat()
        .isEqualTo("the distance from a tie must be 0 ulps or more, but is NaN");
  }

  @Test
  void distancesThatSurvive() {
    assertThat(new TieDistance(1, 4, false).survives(4)).isFalse();
    assertThat(new TieDistance(1, 5, false).survives(4)).isTrue();
    assertThat(new TieDistance(1, 0, true).survives(4)).isTrue();
    assertThat(TieDistance.NONE.survives(1e9)).isTrue();
  }

  @Test
  void slopes() {
    LeakyRelu leaky = slopes(Slope.ONE, new Slope(1, -2), INT4);
    assertThat(IntStream.rangeClosed(-7, 7).map(leaky::code).boxed())
        .containsExactly(-2, -1, -1, -1, -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7)
        .inOrder();
    LeakyRelu absolute = slopes(Slope.ONE, new Slope(-1, 0), INT4);
    assertThat(absolute.code(-7)).isEqualTo(7);
    LeakyRelu negative = slopes(new Slope(-1, 0), new Slope(-1, 0), FixedPoint.signed(8, -3));
    assertThat(negative.code(7)).isEqualTo(-14);
    LeakyRelu relu = slopes(Slope.ONE, Slope.ZERO, INT4);
    assertThat(relu.code(-7)).isEqualTo(0);
  }

  private static LeakyRelu slopes(Slope positive, Slope negative, FixedPoint format) {
    IntegerTensor y = tensor("y", format);
    return new LeakyRelu("l", X, positive, negative, CodeRange.all(format), y);
  }

  @Test
  void slopesOutOfRange() {
    assertThat(assertThrows(IllegalArgumentException.class, () -> new Slope(2, 0)))
        .hasMessageThat()
        .isEqualTo("the sign of a slope must be -1, 0 or 1, but is 2");
    assertThat(assertThrows(IllegalArgumentException.class, () -> new Slope(0, 1)))
        .hasMessageThat()
        .isEqualTo(
            "the exponent of a slope must be between -126 and 127, and 0 if its sign is, but is 1");
  }

  @Test
  void rangesOfFunctions() {
    IntegerTensor y = tensor("y", INT4);
    IntegerTensor z = tensor("z", INT4);
    LeakyRelu absolute =
        new LeakyRelu("abs", X, Slope.ONE, new Slope(-1, 0), CodeRange.all(INT4), y);
    Table table = new Table("t", y, codes(15, 7), TIE, z);
    CodeRanges ranges = CodeRanges.computed(new IntegerModel("m", X, z, List.of(absolute, table)));
    assertThat(ranges.of(y)).isEqualTo(new CodeRange(0, 7));
    assertWithMessage("entries of codes from 0 on")
        .that(ranges.of(z))
        .isEqualTo(new CodeRange(0, 7));
  }

  @Test
  void file(@TempDir Path folder) throws IOException {
    IntegerTensor wide = tensor("wide", UINT16);
    IntegerTensor y = tensor("y", INT4);
    IntegerModel model =
        new IntegerModel(
            "m",
            X,
            y,
            List.of(
                new Table("t", X, codes(15, 65535), TIE, wide),
                new Table("u", wide, codes(65536, -7), TieDistance.NONE, y)));
    Path file = folder.resolve("model.slmq");
    model.write(file);
    assertThat(IntegerModel.read(file)).isEqualTo(model);
  }
}
