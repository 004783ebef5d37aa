package org.slimquant.model.analysis;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.analysis.StridedCopy.Loop;

/** Tests that movements of codes have as few loops as possible. */
final class StridedCopyTest {

  private static final IntegerTensor IMAGE = tensor(4, 3, 2);

  @Test
  void rowsInOnePiece() {
    Slice slice = new Slice("s", IMAGE, List.of(1, 0, 0), List.of(1, 1, 1), tensor(2, 3, 2));
    assertThat(StridedCopy.of(slice)).isEqualTo(new StridedCopy(6, List.of(new Loop(12, 1))));
  }

  @Test
  void channelsOfEachPixel() {
    Slice slice = new Slice("s", IMAGE, List.of(0, 0, 1), List.of(1, 1, 7), tensor(4, 3, 1));
    assertThat(StridedCopy.of(slice)).isEqualTo(new StridedCopy(1, List.of(new Loop(12, 2))));
  }

  @Test
  void reverse() {
    Slice slice = new Slice("s", IMAGE, List.of(3, 2, 1), List.of(-1, -1, -1), IMAGE);
    assertThat(StridedCopy.of(slice)).isEqualTo(new StridedCopy(23, List.of(new Loop(24, -1))));
  }

  @Test
  void oneElement() {
    Slice slice = new Slice("s", IMAGE, List.of(1, 1, 1), List.of(1, 1, 1), tensor(1, 1, 1));
    assertThat(StridedCopy.of(slice)).isEqualTo(new StridedCopy(9, List.of(new Loop(1, 1))));
  }

  @Test
  void channelsFirst() {
    Transpose transpose = new Transpose("t", IMAGE, List.of(2, 0, 1), tensor(2, 4, 3));
    assertThat(StridedCopy.of(transpose))
        .isEqualTo(new StridedCopy(0, List.of(new Loop(2, 1), new Loop(12, 2))));
  }

  @Test
  void sameOrder() {
    Transpose transpose = new Transpose("t", IMAGE, List.of(0, 1, 2), IMAGE);
    assertThat(StridedCopy.of(transpose)).isEqualTo(new StridedCopy(0, List.of(new Loop(24, 1))));
  }

  @Test
  void repeatedColumns() {
    Tile tile = new Tile("t", IMAGE, List.of(1, 2, 1), tensor(4, 6, 2));
    assertThat(StridedCopy.of(tile))
        .isEqualTo(new StridedCopy(0, List.of(new Loop(4, 6), new Loop(2, 0), new Loop(6, 1))));
    assertThat(StridedCopy.of(tile).isInPieces()).isTrue();
  }

  private static IntegerTensor tensor(Integer... shape) {
    return new IntegerTensor("x" + List.of(shape), List.of(shape), FixedPoint.signed(8, -4));
  }
}
