package org.slimquant.engine;

import org.slimquant.model.MaxPool;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Window;

/**
 * Runs a {@link MaxPool}. It runs over the rows of the window for a whole row of the image at once,
 * and then over the columns of the window for a whole row of the output.
 *
 * <p>Elements of a window outside the image do not count. The elements of a window are neighbours
 * and some are inside, so the nearest row or column of the image belongs to the window. Counting
 * this row or column twice changes nothing.
 */
final class MaxPoolStep implements Step {

  private final Window window;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int outputRows;
  private final int outputColumns;
  private final int input;
  private final int output;

  MaxPoolStep(MaxPool pool, MemoryPlan memory) {
    window = pool.window();
    rows = pool.input().shape().get(0);
    columns = pool.input().shape().get(1);
    depth = pool.input().shape().get(2);
    outputRows = pool.output().shape().get(0);
    outputColumns = pool.output().shape().get(1);
    input = memory.offset(pool.input().name());
    output = memory.offset(pool.output().name());
  }

  @Override
  public Scratch scratch() {
    return Scratch.ofRow(Math.max(columns, outputColumns) * depth);
  }

  @Override
  public void run(Workspace workspace) {
    int size = outputColumns * depth;
    for (int row = 0; row < outputRows; row++) {
      poolRows(workspace, row);
      poolColumns(workspace);
      System.arraycopy(workspace.largest, 0, workspace.codes, output + row * size, size);
    }
  }

  /** Stores the largest codes of some rows of the image in {@link Workspace#rows}. */
  private void poolRows(Workspace workspace, int outputRow) {
    int size = columns * depth;
    int top = outputRow * window.strideHeight() - window.padding().top();
    int first = Math.max(0, top);
    int end = Math.min(rows, top + window.height());
    for (int row = first; row < end; row++) {
      int[] next = row == first ? workspace.rows : workspace.next;
      System.arraycopy(workspace.codes, input + row * size, next, 0, size);
      if (row > first) {
        keepLarger(workspace.rows, next, size);
      }
    }
  }

  /** Stores the largest codes of some columns of the rows in {@link Workspace#largest}. */
  private void poolColumns(Workspace workspace) {
    // Columns without a pixel of the image in any window are skipped: a window may be far larger.
    int left = window.padding().left();
    int first = Math.max(0, left - (outputColumns - 1) * window.strideWidth());
    int end = Math.min(window.width(), columns + left);
    for (int j = first; j < end; j++) {
      int[] next = j == first ? workspace.largest : workspace.next;
      for (int column = 0; column < outputColumns; column++) {
        int across = column * window.strideWidth() - left + j;
        int pixel = Math.max(0, Math.min(columns - 1, across)) * depth;
        System.arraycopy(workspace.rows, pixel, next, column * depth, depth);
      }
      if (j > first) {
        keepLarger(workspace.largest, next, outputColumns * depth);
      }
    }
  }

  /**
   * Keeps the larger of two codes at each index. HotSpot compiles it to vector instructions, but
   * not {@link Math#max} on JDK 17.
   */
  private static void keepLarger(int[] codes, int[] others, int count) {
    for (int i = 0; i < count; i++) {
      int more = others[i] - codes[i];
      codes[i] = others[i] - (more & (more >> 31));
    }
  }
}
