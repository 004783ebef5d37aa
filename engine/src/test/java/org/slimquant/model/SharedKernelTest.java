package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;

/** Tests a kernel that many ops share. */
final class SharedKernelTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final int SIZE = 100;

  /** Returns a model of a number of calls of a dense layer, each with its own kernel object. */
  private static IntegerModel model(int calls, int difference) {
    IntegerTensor x = new IntegerTensor("x", List.of(SIZE), INT8);
    List<IntegerOp> ops = new ArrayList<>();
    IntegerTensor last = x;
    for (int i = 0; i < calls; i++) {
      int[] codes = new int[SIZE * SIZE];
      for (int j = 0; j < codes.length; j++) {
        codes[j] = j % 7 - 3 + i * difference;
      }
      IntegerTensor next = new IntegerTensor("y" + i, List.of(SIZE), INT8);
      ops.add(
          new Dense(
              "d" + i,
              last,
              Kernel.of(List.of(SIZE, SIZE), INT8, codes),
              Codes.zeros(SIZE),
              CodeRange.all(INT8),
              next));
      last = next;
    }
    return new IntegerModel("shared", x, last, ops);
  }

  @Test
  void isOnceInTheFile() throws IOException {
    int one = ModelWriter.bytes(model(1, 0)).length;
    byte[] eight = ModelWriter.bytes(model(8, 0));

    // The other records are their ops and tensors.
    assertThat(eight.length - one).isLessThan(7 * 50);
    IntegerModel read = ModelReader.parse(Path.of("model"), eight, ModelLimits.DEFAULT);
    assertThat(read).isEqualTo(model(8, 0));
    for (WeightedOp layer : read.layers()) {
      assertThat(layer.kernel()).isSameInstanceAs(read.layers().get(0).kernel());
      assertThat(layer.bias()).isSameInstanceAs(read.layers().get(0).bias());
    }
  }

  @Test
  void kernelsThatDiffer() throws IOException {
    byte[] eight = ModelWriter.bytes(model(8, 1));

    assertThat(eight.length).isGreaterThan(8 * SIZE * SIZE);
    assertThat(ModelReader.parse(Path.of("model"), eight, ModelLimits.DEFAULT))
        .isEqualTo(model(8, 1));
  }
}
