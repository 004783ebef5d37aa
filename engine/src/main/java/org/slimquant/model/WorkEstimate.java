package org.slimquant.model;

import java.util.List;

/** The products, or codes read, that an {@code IntegerEngine} has for each example. */
final class WorkEstimate {

  // So that a sum with any op's, at most 2^56 or so, has 64 bits.
  private static final long MAX = 1L << 62;

  private WorkEstimate() {}

  static long of(IntegerModel model) {
    long work = 0;
    for (IntegerOp op : model.ops()) {
      work = Math.min(MAX, work + of(op));
    }
    return work;
  }

  private static long of(IntegerOp op) {
    long size = op.output().size();
    if (op instanceof Dense dense) {
      return dense.kernel().codes().size();
    } else if (op instanceof WeightedOp conv) {
      return size / conv.channels() * conv.kernel().codes().size();
    } else if (op instanceof MaxPool pool) {
      // Over the rows of a window first, and then over the columns of all windows of a row.
      long reach =
          pool.input().shape().get(1)
              + (pool.output().shape().get(1) - 1L) * pool.window().strideAcross();
      return size * (height(pool.window(), pool.input()) + Math.min(pool.window().width(), reach));
    } else if (op instanceof AveragePool pool) {
      // Two such sides have at most 2^28 elements together.
      return size * height(pool.window(), pool.input()) * width(pool.window(), pool.input());
    }
    return size;
  }

  /** Returns how many rows of the image a window reads at most. */
  private static long height(Window window, IntegerTensor image) {
    return side(window.height(), image.shape(), 0);
  }

  private static long width(Window window, IntegerTensor image) {
    return side(window.width(), image.shape(), 1);
  }

  private static long side(int window, List<Integer> image, int axis) {
    return Math.min(window, image.get(axis));
  }
}
