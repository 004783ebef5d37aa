package org.slimquant.model;

import org.slimquant.model.check.Shapes;

/**
 * The window of a convolution or a pooling, which slides over an image.
 *
 * <p>Output row {@code r} reads the input rows {@code r * strideHeight - top + k * dilationHeight}
 * for {@code k = 0 .. height - 1}; columns likewise. There are {@code floor((rows + top + bottom -
 * span) / strideHeight) + 1} output rows, where {@code span = (height - 1) * dilationHeight + 1}.
 *
 * @param height rows of the window
 * @param width columns of the window
 * @param strideHeight rows from one position of the window to the next below
 * @param strideWidth columns from one position of the window to the next to the right
 * @param dilationHeight rows from one row of the window to the next, 1 if they are neighbours
 * @param dilationWidth columns from one column of the window to the next
 * @param padding the padding around the image
 */
public record Window(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    Padding padding) {

  /**
   * Creates a window.
   *
   * @throws IllegalArgumentException if a number is not positive, or if the window spans more than
   *     2^28 rows or columns
   */
  public Window {
    for (int number :
        new int[] {height, width, strideHeight, strideWidth, dilationHeight, dilationWidth}) {
      if (number < 1 || number > Shapes.MAX_SIZE) {
        throw new IllegalArgumentException(
            "the sizes, strides and dilations of a window must be between 1 and %d, but one is %d"
                .formatted(Shapes.MAX_SIZE, number));
      }
    }
    long span = Math.max(span(height, dilationHeight), span(width, dilationWidth));
    if (span > Shapes.MAX_SIZE) {
      throw new IllegalArgumentException(
          "a window must span at most %d rows and columns, but spans %d"
              .formatted(Shapes.MAX_SIZE, span));
    }
  }

  /** Returns a window that moves by one and has no gaps and no padding around the image. */
  public static Window of(int height, int width) {
    return new Window(height, width, 1, 1, 1, 1, Padding.NONE);
  }

  /** Returns this window with other strides. */
  public Window withStrides(int down, int across) {
    return new Window(height, width, down, across, dilationHeight, dilationWidth, padding);
  }

  /** Returns this window with other dilations. */
  public Window withDilations(int down, int across) {
    return new Window(height, width, strideHeight, strideWidth, down, across, padding);
  }

  /** Returns this window with another padding. */
  public Window withPadding(Padding other) {
    return new Window(
        height, width, strideHeight, strideWidth, dilationHeight, dilationWidth, other);
  }

  /**
   * Returns this window with the padding that TensorFlow calls SAME: {@code ceil(rows /
   * strideHeight)} output rows. The rows of padding that this needs are half above and half below
   * the image; an odd row is below.
   *
   * @param rows rows of the image
   * @param columns columns of the image
   */
  public Window withSamePadding(int rows, int columns) {
    int down = missing(rows, span(height, dilationHeight), strideHeight);
    int across = missing(columns, span(width, dilationWidth), strideWidth);
    return withPadding(new Padding(down / 2, down - down / 2, across / 2, across - across / 2));
  }

  private static int missing(int length, long span, int stride) {
    long positions = (length + stride - 1L) / stride;
    return (int) Math.max(0, (positions - 1) * stride + span - length);
  }

  private static long span(int size, int dilation) {
    return (size - 1L) * dilation + 1;
  }

  /**
   * Returns the rows of the output, 0 or fewer if the window is larger than the padded image.
   *
   * @param rows rows of the image
   */
  public int outputRows(int rows) {
    return positions(
        rows, padding.top(), padding.bottom(), span(height, dilationHeight), strideHeight);
  }

  /**
   * Returns the columns of the output, 0 or fewer if the window is larger than the padded image.
   *
   * @param columns columns of the image
   */
  public int outputColumns(int columns) {
    return positions(
        columns, padding.left(), padding.right(), span(width, dilationWidth), strideWidth);
  }

  private static int positions(int length, int before, int after, long span, int stride) {
    return (int) (Math.floorDiv((long) length + before + after - span, stride) + 1);
  }
}
