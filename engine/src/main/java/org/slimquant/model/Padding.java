package org.slimquant.model;

import org.slimquant.model.check.Shapes;

/**
 * The rows and columns that are added around an image before a window slides over it.
 *
 * @param top rows above
 * @param bottom rows below
 * @param left columns to the left
 * @param right columns to the right
 */
public record Padding(int top, int bottom, int left, int right) {

  /** No padding around the image: VALID in TensorFlow. */
  public static final Padding NONE = new Padding(0, 0, 0, 0);

  /**
   * Creates a padding.
   *
   * @throws IllegalArgumentException if a number is negative or beyond 2^28
   */
  public Padding {
    for (int side : new int[] {top, bottom, left, right}) {
      if (side < 0 || side > Shapes.MAX_SIZE) {
        throw new IllegalArgumentException(
            "a padding must be between 0 and %d, but is %d".formatted(Shapes.MAX_SIZE, side));
      }
    }
  }

  /** Returns the padding in the form of tables: {@code 1 1 1 1} for top, bottom, left and right. */
  @Override
  public String toString() {
    return "%d %d %d %d".formatted(top, bottom, left, right);
  }
}
