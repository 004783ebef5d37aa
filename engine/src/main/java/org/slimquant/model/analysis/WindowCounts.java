package org.slimquant.model.analysis;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slimquant.model.AveragePool;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Window;

/**
 * The number of pixels of the image that a window covers at each pixel of the output. Pixels in the
 * padding do not count. With the first row and the first column that the window covers there,
 *
 * <pre>{@code
 * first(r)    = r * strideHeight - top
 * height(r)   = min(rows, first(r) + window height) - max(0, first(r))
 * count(r, c) = height(r) * width(c)
 * }</pre>
 */
public final class WindowCounts {

  private final int[] heights;
  private final int[] widths;

  private WindowCounts(int[] heights, int[] widths) {
    this.heights = heights;
    this.widths = widths;
  }

  /** Returns the counts of an average, each of which is at least 1. */
  public static WindowCounts of(AveragePool pool) {
    return of(pool.window(), pool.input());
  }

  private static WindowCounts of(Window window, IntegerTensor image) {
    int rows = image.shape().get(0);
    int columns = image.shape().get(1);
    return new WindowCounts(
        covered(
            rows,
            window.height(),
            window.strideHeight(),
            window.padding().top(),
            window.outputRows(rows)),
        covered(
            columns,
            window.width(),
            window.strideWidth(),
            window.padding().left(),
            window.outputColumns(columns)));
  }

  /**
   * Returns the number of pixels of an axis that the window covers, for each pixel along the
   * output's axis.
   */
  private static int[] covered(int length, int window, int stride, int before, int outputs) {
    int[] covered = new int[outputs];
    for (int i = 0; i < outputs; i++) {
      int first = i * stride - before;
      covered[i] = Math.min(length, first + window) - Math.max(0, first);
    }
    return covered;
  }

  /** Returns the counts in the order of the output's pixels, row by row. */
  public int[] all() {
    int[] counts = new int[heights.length * widths.length];
    Arrays.setAll(counts, i -> heights[i / widths.length] * widths[i % widths.length]);
    return counts;
  }

  /** Returns the distinct counts, the smallest first. */
  public SortedSet<Integer> distinct() {
    int[] someWidths = Arrays.stream(widths).distinct().toArray();
    SortedSet<Integer> counts = new TreeSet<>();
    for (int height : Arrays.stream(heights).distinct().toArray()) {
      for (int width : someWidths) {
        counts.add(height * width);
      }
    }
    return counts;
  }

  /** Returns the largest count. */
  public int largest() {
    return distinct().last();
  }
}
