package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.model.MatMul;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.analysis.SumBounds;

/**
 * Runs a {@link MatMul}, a row of the product after the other. One code of the left matrix is
 * multiplied with a row of the right matrix.
 */
final class MatMulStep implements Step {

  private final MatMul op;
  private final int left;
  private final int right;
  private final int output;
  private final int leftRow;
  private final int leftColumn;
  private final int rightRow;
  private final int rightColumn;
  private final boolean narrow;
  private final OutputStage stage;

  MatMulStep(MatMul op, MemoryPlan memory) {
    this.op = op;
    left = memory.offset(op.left().name());
    right = memory.offset(op.right().name());
    output = memory.offset(op.output().name());
    leftRow = op.transposesLeft() ? 1 : op.depth();
    leftColumn = op.transposesLeft() ? op.rows() : 1;
    rightRow = op.transposesRight() ? 1 : op.columns();
    rightColumn = op.transposesRight() ? op.depth() : 1;
    narrow =
        SumBounds.magnitude(op, op.left().format().maxCode(), op.right().format().maxCode())
            <= Integer.MAX_VALUE;
    stage = OutputStage.of(op, op.sumExponent());
  }

  @Override
  public Scratch scratch() {
    return Scratch.ofChannels(op.columns());
  }

  @Override
  public void run(Workspace workspace) {
    int depth = op.depth();
    for (int matrix = 0; matrix < op.matrices(); matrix++) {
      int a = left + matrix * op.rows() * depth;
      int b = right + matrix * depth * op.columns();
      int y = output + matrix * op.rows() * op.columns();
      for (int row = 0; row < op.rows(); row++) {
        if (narrow) {
          narrowRow(workspace, a + row * leftRow, b, y + row * op.columns());
        } else {
          wideRow(workspace, a + row * leftRow, b, y + row * op.columns());
        }
      }
    }
  }

  private void narrowRow(Workspace workspace, int a, int b, int y) {
    int columns = op.columns();
    int[] codes = workspace.codes;
    int[] sums = workspace.sums;
    Arrays.fill(sums, 0, columns, 0);
    for (int i = 0; i < op.depth(); i++) {
      int factor = codes[a + i * leftColumn];
      int first = b + i * rightRow;
      if (rightColumn == 1) {
        addRow(sums, codes, first, factor, columns);
      } else {
        for (int column = 0; column < columns; column++) {
          sums[column] += factor * codes[first + column * rightColumn];
        }
      }
    }
    for (int column = 0; column < columns; column++) {
      codes[y + column] = stage.code(sums[column]);
    }
  }

  /** Runs the loop alone, so that HotSpot makes vector instructions of it. */
  private static void addRow(int[] sums, int[] codes, int first, int factor, int columns) {
    for (int column = 0; column < columns; column++) {
      sums[column] += factor * codes[first + column];
    }
  }

  private void wideRow(Workspace workspace, int a, int b, int y) {
    int columns = op.columns();
    int[] codes = workspace.codes;
    long[] sums = workspace.wideSums;
    Arrays.fill(sums, 0, columns, 0);
    for (int i = 0; i < op.depth(); i++) {
      long factor = codes[a + i * leftColumn];
      int first = b + i * rightRow;
      for (int column = 0; column < columns; column++) {
        sums[column] += factor * codes[first + column * rightColumn];
      }
    }
    for (int column = 0; column < columns; column++) {
      codes[y + column] = stage.code(sums[column]);
    }
  }
}
