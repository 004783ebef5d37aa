package org.slimquant.model.analysis;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerTensor;

/** Tests the blocks of the inputs of a concat, for each axis. */
final class ConcatBlocksTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, 0);

  @Test
  void everyAxis() {
    IntegerTensor a = tensor("a", 2, 3, 4);
    IntegerTensor rows = tensor("b", 5, 3, 4);
    IntegerTensor columns = tensor("b", 2, 1, 4);
    IntegerTensor channels = tensor("b", 2, 3, 7);

    assertThat(blocks(0, tensor("y", 7, 3, 4), a, rows))
        .containsExactly(new ConcatBlocks(a, 1, 24, 0, 84), new ConcatBlocks(rows, 1, 60, 24, 84))
        .inOrder();
    assertThat(blocks(1, tensor("y", 2, 4, 4), a, columns))
        .containsExactly(new ConcatBlocks(a, 2, 12, 0, 16), new ConcatBlocks(columns, 2, 4, 12, 16))
        .inOrder();
    assertThat(blocks(2, tensor("y", 2, 3, 11), a, channels))
        .containsExactly(new ConcatBlocks(a, 6, 4, 0, 11), new ConcatBlocks(channels, 6, 7, 4, 11))
        .inOrder();
  }

  @Test
  void inputTwice() {
    IntegerTensor a = tensor("a", 3);

    assertThat(blocks(0, tensor("y", 6), a, a))
        .containsExactly(new ConcatBlocks(a, 1, 3, 0, 6), new ConcatBlocks(a, 1, 3, 3, 6))
        .inOrder();
  }

  private static List<ConcatBlocks> blocks(
      int axis, IntegerTensor output, IntegerTensor... inputs) {
    return ConcatBlocks.of(
        new Concat("concat", List.of(inputs), axis, CodeRange.all(INT8), output));
  }

  private static IntegerTensor tensor(String name, Integer... shape) {
    return new IntegerTensor(name, List.of(shape), INT8);
  }
}
