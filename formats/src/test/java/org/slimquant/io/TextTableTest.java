package org.slimquant.io;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextTableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(
            TextTable.of(List.of(List.of("op", "type", "bits"), List.of("conv1", "Conv2D", "8"))))
        .isEqualTo("op     type    bits\nconv1  Conv2D  8");
  }

  @Test
  void theLastCellOfAShortRowMayBeWider() {
    assertThat(TextTable.of(List.of(List.of("op", "sums", "bits"), List.of("pool", "moves codes"))))
        .isEqualTo("op    sums  bits\npool  moves codes");
  }

  @Test
  void emptyCellsAtTheEndLeaveNoSpace() {
    assertThat(TextTable.of(List.of(List.of("a", "b"), List.of("1", "")))).isEqualTo("a  b\n1");
  }
}
