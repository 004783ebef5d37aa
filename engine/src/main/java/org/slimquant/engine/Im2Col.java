package org.slimquant.engine;

import org.slimquant.engine.PlanarLayout.Tile;
import org.slimquant.model.Conv2D;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Window;

/**
 * The im2col of a {@link PlanarConvStep}: the patches of a tile, with a row for each element of a
 * patch and a column for each pixel of the tile. A patch is the part of the image, in some input
 * channels, that the window covers at a pixel. Elements outside the image are 0.
 *
 * <p>If the window moves by the distance of its elements, an earlier row contains most of a row
 * already. Copying this part is faster than collecting the codes:
 *
 * <pre>{@code
 * row[i, j, pixel] = row[i, j - 1, pixel + 1]                 except in the last column
 * row[i, j, pixel] = row[i - 1, j, pixel + columns]           except in the last row
 * }</pre>
 */
final class Im2Col {

  private final Window window;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int input;
  private final boolean copiesAbove;
  private final boolean copiesLeft;

  Im2Col(Conv2D conv, MemoryPlan memory) {
    window = conv.window();
    rows = conv.input().shape().get(0);
    columns = conv.input().shape().get(1);
    depth = conv.input().shape().get(2);
    input = memory.offset(conv.input().name());
    copiesAbove = window.strideHeight() == window.dilationHeight();
    copiesLeft = window.strideWidth() == window.dilationWidth();
  }

  /** Fills the patches of {@code count} input channels from {@code channel} on. */
  void fill(Workspace workspace, Tile tile, int channel, int count) {
    int pixels = tile.pixels();
    int element = 0;
    for (int i = 0; i < window.height(); i++) {
      for (int j = 0; j < window.width(); j++) {
        for (int k = 0; k < count; k++, element++) {
          double[] codes = workspace.patches[element];
          int row = tile.row();
          int column = tile.column();
          if (copiesLeft && j > 0) {
            System.arraycopy(workspace.patches[element - count], 1, codes, 0, pixels - 1);
            column = tile.endColumn() - 1;
          } else if (copiesAbove && i > 0) {
            double[] above = workspace.patches[element - count * window.width()];
            System.arraycopy(above, tile.columns(), codes, 0, pixels - tile.columns());
            row = tile.endRow() - 1;
          }
          collect(workspace.codes, tile, row, column, i, j, channel + k, codes);
        }
      }
    }
  }

  /** Fills the pixels of an element's row from a row and a column of the tile on. */
  private void collect(
      int[] codes,
      Tile tile,
      int fromRow,
      int fromColumn,
      int i,
      int j,
      int channel,
      double[] element) {
    int left = j * window.dilationWidth() - window.padding().left();
    for (int row = fromRow; row < tile.endRow(); row++) {
      int inputRow =
          row * window.strideHeight() + i * window.dilationHeight() - window.padding().top();
      boolean rowInside = inputRow >= 0 && inputRow < rows;
      int first = input + inputRow * columns * depth + channel;
      int pixel = (row - tile.row()) * tile.columns() - tile.column();
      for (int column = fromColumn; column < tile.endColumn(); column++) {
        int inputColumn = left + column * window.strideWidth();
        boolean inside = rowInside && inputColumn >= 0 && inputColumn < columns;
        element[pixel + column] = inside ? codes[first + inputColumn * depth] : 0;
      }
    }
  }
}
