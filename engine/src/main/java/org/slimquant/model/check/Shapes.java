package org.slimquant.model.check;

import java.util.List;

/** The rules for the shapes of tensors and kernels. */
public final class Shapes {

  /**
   * The largest number of elements of a tensor or kernel. So a sum of products of 16-bit codes
   * stays below 2^60, and no accumulator of 64 bits overflows.
   */
  public static final int MAX_SIZE = 1 << 28;

  /** The largest number of dimensions, the same as for TensorFlow's tensors. */
  static final int MAX_RANK = 254;

  private Shapes() {}

  /**
   * Returns the number of elements of a shape.
   *
   * @param what the thing that has the shape, for messages
   * @throws IllegalArgumentException if a dimension is not positive, or if there are too many
   *     dimensions or elements
   */
  public static int size(List<Integer> shape, String what) {
    if (shape.size() > MAX_RANK) {
      throw new IllegalArgumentException(
          "%s must have at most %d dimensions, but has %d".formatted(what, MAX_RANK, shape.size()));
    }
    long size = 1;
    // Without an iterator, because a run of the engine asks for sizes and allocates nothing.
    for (int axis = 0; axis < shape.size(); axis++) {
      int dimension = shape.get(axis);
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "the dimensions of %s must be positive, but are %s".formatted(what, shape));
      }
      size *= dimension;
      if (size > MAX_SIZE) {
        throw new IllegalArgumentException(
            "%s must have at most %d elements, but has shape %s".formatted(what, MAX_SIZE, shape));
      }
    }
    return (int) size;
  }
}
