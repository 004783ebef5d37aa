package org.slimquant.engine;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerTensor;

/**
 * The parts of a convolution that stay in the processor's first cache: tiles of the output, with a
 * number of rows and columns, and blocks of a number of input channels.
 *
 * @param rows the rows of a tile, at most
 * @param columns the columns of a tile, at most
 * @param depth the input channels of a block, at most
 * @param elements the elements of the window
 */
record PlanarLayout(int rows, int columns, int depth, int elements) {

  // Together 36 kilobytes of doubles, most of the first cache. Fewer pixels make shorter loops.
  private static final int MANY_PIXELS = 256;
  private static final int LARGE_PATCH = 18;

  /** Returns the layout of a convolution. */
  static PlanarLayout of(Conv2D conv) {
    int columns = evenly(conv.output().shape().get(1), MANY_PIXELS);
    int rows = evenly(conv.output().shape().get(0), MANY_PIXELS / columns);
    int elements = conv.window().height() * conv.window().width();
    int depth = evenly(conv.input().shape().get(2), Math.max(1, LARGE_PATCH / elements));
    return new PlanarLayout(rows, columns, depth, elements);
  }

  /** Returns the size of parts of about equal size, as few as possible. */
  private static int evenly(int whole, int most) {
    int parts = (whole + most - 1) / most;
    return (whole + parts - 1) / parts;
  }

  /** Returns the pixels of a tile, at most. */
  int pixels() {
    return rows * columns;
  }

  /** Returns the elements of a patch, at most. */
  int patch() {
    return patch(depth);
  }

  /**
   * Returns the elements of a patch of some input channels, rounded up to a multiple of four for
   * {@link Products}.
   */
  int patch(int channels) {
    return (elements * channels + 3) / 4 * 4;
  }

  /** Returns the tiles of an output. */
  List<Tile> tiles(IntegerTensor output) {
    int outputRows = output.shape().get(0);
    int outputColumns = output.shape().get(1);
    List<Tile> tiles = new ArrayList<>();
    for (int row = 0; row < outputRows; row += rows) {
      int endRow = Math.min(row + rows, outputRows);
      for (int column = 0; column < outputColumns; column += columns) {
        tiles.add(new Tile(row, endRow, column, Math.min(column + columns, outputColumns)));
      }
    }
    return tiles;
  }

  /** A part of the output, from one row and column to another row and column. */
  record Tile(int row, int endRow, int column, int endColumn) {

    int columns() {
      return endColumn - column;
    }

    int pixels() {
      return (endRow - row) * columns();
    }
  }
}
