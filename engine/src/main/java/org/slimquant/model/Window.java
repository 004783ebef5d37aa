package org.slimquant.model;

import org.slimquant.model.check.Shapes;

/**
 * How the window of a convolution or a pooling slides over an image.
 *
 * <p>Output row {@code r} reads the input rows {@code r * strideDown - top + k * dilationDown} for
 * {@code k = 0 .. height - 1}; columns likewise. There are {@code floor((rows + top + bottom -
 * span) / strideDown) + 1} output rows, where {@code span = (height - 1) * dilationDown + 1}.
 *
 * @param height rows of the window
 * @param width columns of the window
 * @param strideDown rows from one place of the window to the next below
 * @param strideAcross columns from one place of the window to the next to the right
 * @param dilationDown rows from one row of the window to its next, 1 if they are neighbours
 * @param dilationAcross columns from one column of the window to its next
 * @param padding what is put around the image
 */
public record Window(
    int height,
    int width,
    int strideDown,
    int strideAcross,
    int dilationDown,
    int dilationAcross,
    Padding padding) {

  /**
   * Creates a window.
   *
   * @throws IllegalArgumentException if a number is not positive, or if the window spans more than
   *     2^28 rows or columns
   */
  public Window {
    for (int number :
        new int[] {height, width, strideDown, strideAcross, dilationDown, dilationAcross}) {
      if (number < 1 || number > Shapes.MAX_SIZE) {
        throw new IllegalArgumentException(
            "the sizes, strides and dilations of a window must be between 1 and %d, but one is %d"
                .formatted(Shapes.MAX_SIZE, number));
      }
    }
    long span = Math.max(span(height, dilationDown), span(width, dilationAcross));
    if (span > Shapes.MAX_SIZE) {
      throw new IllegalArgumentException(
          "a window must span at most %d rows and columns, but spans %d"
              .formatted(Shapes.MAX_SIZE, span));
    }
  }

  /** Returns a window that moves by one, has no gaps, and no padding around the image. */
  public static Window of(int height, int width) {
    return new Window(height, width, 1, 1, 1, 1, Padding.NONE);
  }

  /** Returns this window with other strides. */
  public Window withStrides(int down, int across) {
    return new Window(height, width, down, across, dilationDown, dilationAcross, padding);
  }

  /** Returns this window with other dilations. */
  public Window withDilations(int down, int across) {
    return new Window(height, width, strideDown, strideAcross, down, across, padding);
  }

  /** Returns this window with another padding. */
  public Window withPadding(Padding other) {
    return new Window(height, width, strideDown, strideAcross, dilationDown, dilationAcross, other);
  }

  /**
   * Returns this window with the padding that TensorFlow calls SAME: {@code ceil(rows /
   * strideDown)} output rows, and what is missing half above and half below, the odd row below.
   *
   * @param rows rows of the image
   * @param columns columns of the image
   */
  public Window withSamePadding(int rows, int columns) {
    int down = missing(rows, span(height, dilationDown), strideDown);
    int across = missing(columns, span(width, dilationAcross), strideAcross);
    return withPadding(new Padding(down / 2, down - down / 2, across / 2, across - across / 2));
  }

  private static int missing(int length, long span, int stride) {
    long places = (length + stride - 1L) / stride;
    return (int) Math.max(0, (places - 1) * stride + span - length);
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
    return places(rows, padding.top(), padding.bottom(), span(height, dilationDown), strideDown);
  }

  /**
   * Returns the columns of the output, 0 or fewer if the window is larger than the padded image.
   *
   * @param columns columns of the image
   */
  public int outputColumns(int columns) {
    return places(
        columns, padding.left(), padding.right(), span(width, dilationAcross), strideAcross);
  }

  private static int places(int length, int before, int after, long span, int stride) {
    return (int) (Math.floorDiv((long) length + before + after - span, stride) + 1);
  }
}
