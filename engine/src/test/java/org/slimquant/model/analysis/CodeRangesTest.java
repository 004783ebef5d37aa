package org.slimquant.model.analysis;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.TinyModel;
import org.slimquant.model.testing.Variety;

/** Compares the codes that tensors can hold with those that an engine computes. */
final class CodeRangesTest {

  @Test
  void codesOfRandomModelsAreInRange() {
    for (long seed = 0; seed < 500; seed++) {
      IntegerModel model = RandomModel.of(seed);
      CodeRanges clamped = CodeRanges.clamped(model);
      CodeRanges computed = CodeRanges.computed(model);
      Map<String, int[]> codes =
          IntegerEngine.of(model).trace(RandomCodes.of(seed, model.input(), 8));
      for (IntegerTensor tensor : model.tensors()) {
        CodeRange smaller = computed.of(tensor);
        int[] seen = codes.getOrDefault(tensor.name(), new int[0]);
        assertWithMessage("seed %s, %s in %s", seed, tensor, smaller)
            .that(IntStream.of(seen).allMatch(c -> smaller.min() <= c && c <= smaller.max()))
            .isTrue();
        assertWithMessage("seed %s, %s", seed, tensor)
            .that(union(clamped.of(tensor), smaller))
            .isEqualTo(clamped.of(tensor));
      }
    }
  }

  /** The test tries every code of one input, so the bounds must be the codes that occur. */
  @Test
  void computedRangesAreReached() {
    IntegerTensor x = new IntegerTensor("x", List.of(1), FixedPoint.signed(4, 0));
    Variety elementwise =
        Variety.ofBits(6)
            .of(x, 3)
            .ofOps(op -> op.type().equals("Requantize") || op.type().equals("Reshape"));
    for (long seed = 0; seed < 100; seed++) {
      IntegerModel model = RandomModel.of(seed, elementwise);
      CodeRanges ranges = CodeRanges.computed(model);
      Map<String, int[]> codes =
          IntegerEngine.of(model).trace(IntStream.rangeClosed(-7, 7).toArray());
      for (IntegerTensor tensor : model.tensors()) {
        int[] seen = codes.getOrDefault(tensor.name(), new int[1]);
        assertWithMessage("seed %s, %s", seed, tensor)
            .that(ranges.of(tensor))
            .isEqualTo(
                new CodeRange(
                    IntStream.of(seen).min().orElseThrow(),
                    IntStream.of(seen).max().orElseThrow()));
      }
    }
  }

  @Test
  void opsThatMoveCodes() {
    FixedPoint format = FixedPoint.signed(8, 0);
    IntegerTensor x = new IntegerTensor("x", List.of(2, 2, 1), format);
    IntegerTensor high = new IntegerTensor("high", x.shape(), format);
    IntegerTensor pooled = new IntegerTensor("pooled", List.of(1, 1, 1), format);
    IntegerTensor padded = new IntegerTensor("padded", List.of(1, 1, 2), format);
    IntegerTensor flat = new IntegerTensor("flat", List.of(2), format);
    IntegerModel model =
        new IntegerModel(
            "m",
            x,
            flat,
            List.of(
                new Requantize("requantize", x, new CodeRange(20, 30), high),
                new MaxPool("pool", high, Window.of(2, 2), pooled),
                new Pad("pad", pooled, List.of(0, 0, 1), List.of(0, 0, 0), padded),
                new Reshape("reshape", padded, flat)));

    CodeRanges ranges = CodeRanges.clamped(model, input -> new CodeRange(-128, 127));

    assertThat(ranges.of(x)).isEqualTo(new CodeRange(-128, 127));
    assertThat(ranges.magnitude(x)).isEqualTo(128);
    assertThat(ranges.of(pooled)).isEqualTo(new CodeRange(20, 30));
    assertThat(ranges.of(padded)).isEqualTo(new CodeRange(0, 30));
    assertThat(ranges.of(flat)).isEqualTo(new CodeRange(0, 30));
  }

  @Test
  void tensorOfAnotherModel() {
    IntegerTensor other = new IntegerTensor("other", List.of(1), FixedPoint.signed(8, 0));
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> CodeRanges.clamped(TinyModel.model()).of(other)))
        .hasMessageThat()
        .isEqualTo("a tensor must be one of the model's, but other [1] int8 * 2^0 is not");
  }

  private static CodeRange union(CodeRange a, CodeRange b) {
    return new CodeRange(Math.min(a.min(), b.min()), Math.max(a.max(), b.max()));
  }
}
