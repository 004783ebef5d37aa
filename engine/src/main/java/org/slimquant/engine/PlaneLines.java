package org.slimquant.engine;

import org.slimquant.engine.PlanarLayout.Tile;
import org.slimquant.model.Conv2D;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Window;

/**
 * The lines of a {@link PlanarConvStep}: for each element of the window and each input channel the
 * codes that it meets at the places of a tile, with 0 for what lies outside the image.
 *
 * <p>Where the window moves by as much as its elements are apart, most of a line is in an earlier
 * one already, which is faster than to collect the codes:
 *
 * <pre>{@code
 * line[i, j, place] = line[i, j - 1, place + 1]                 but for the last column
 * line[i, j, place] = line[i - 1, j, place + columns]           but for the last row
 * }</pre>
 */
final class PlaneLines {

  private final Window window;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int input;
  private final boolean shiftsDown;
  private final boolean shiftsAcross;

  PlaneLines(Conv2D conv, MemoryPlan memory) {
    window = conv.window();
    rows = conv.input().shape().get(0);
    columns = conv.input().shape().get(1);
    depth = conv.input().shape().get(2);
    input = memory.offset(conv.input().name());
    shiftsDown = window.strideDown() == window.dilationDown();
    shiftsAcross = window.strideAcross() == window.dilationAcross();
  }

  /** Fills the lines of the input channels from one on, row by row of the window. */
  void gather(Workspace workspace, Tile tile, int channel, int count) {
    int places = tile.places();
    int line = 0;
    for (int i = 0; i < window.height(); i++) {
      for (int j = 0; j < window.width(); j++) {
        for (int k = 0; k < count; k++, line++) {
          double[] codes = workspace.lines[line];
          int row = tile.row();
          int column = tile.column();
          if (shiftsAcross && j > 0) {
            System.arraycopy(workspace.lines[line - count], 1, codes, 0, places - 1);
            column = tile.endColumn() - 1;
          } else if (shiftsDown && i > 0) {
            double[] above = workspace.lines[line - count * window.width()];
            System.arraycopy(above, tile.columns(), codes, 0, places - tile.columns());
            row = tile.endRow() - 1;
          }
          gather(workspace.codes, tile, row, column, i, j, channel + k, codes);
        }
      }
    }
  }

  /** Fills the places of a line from a row and a column on. */
  private void gather(
      int[] codes,
      Tile tile,
      int fromRow,
      int fromColumn,
      int i,
      int j,
      int channel,
      double[] line) {
    int left = j * window.dilationAcross() - window.padding().left();
    for (int row = fromRow; row < tile.endRow(); row++) {
      int down = row * window.strideDown() + i * window.dilationDown() - window.padding().top();
      boolean rowInside = down >= 0 && down < rows;
      int pixel = input + down * columns * depth + channel;
      int place = (row - tile.row()) * tile.columns() - tile.column();
      for (int column = fromColumn; column < tile.endColumn(); column++) {
        int across = left + column * window.strideAcross();
        boolean inside = rowInside && across >= 0 && across < columns;
        line[place + column] = inside ? codes[pixel + across * depth] : 0;
      }
    }
  }
}
