package org.slimquant.runtime.gradient;

/**
 * The window of a convolution along one axis of its input.
 *
 * @param kernel the window's elements
 * @param stride the distance of two successive places of the window, in elements
 * @param dilation the distance of two successive elements of the window, 1 if they are neighbours
 * @param same whether the padding is the one that TensorFlow calls SAME, which follows from the
 *     axis's size
 * @param before the padding before the first element, if it is another padding
 * @param after the padding after the last
 */
record AxisWindow(int kernel, int stride, int dilation, boolean same, int before, int after) {

  /** An axis that the window does not move along: the channels, if they come first. */
  static final AxisWindow NONE = new AxisWindow(1, 1, 1, false, 0, 0);

  /** Returns the number of elements from the window's first to its last. */
  int span() {
    return (kernel - 1) * dilation + 1;
  }

  /** Returns the padding before the first of {@code size} elements. */
  int before(int size) {
    return same ? missing(size) / 2 : before;
  }

  /** Returns the padding after the last of {@code size} elements. */
  int after(int size) {
    return same ? missing(size) - missing(size) / 2 : after;
  }

  /**
   * Returns the number of elements that are missing, after the padding, to a multiple of the
   * dilation.
   */
  int rest(int size) {
    return Math.floorMod(-(size + before(size) + after(size)), dilation);
  }

  private int missing(int size) {
    int places = Math.floorDiv(size + stride - 1, stride);
    return Math.max((places - 1) * stride + span() - size, 0);
  }
}
