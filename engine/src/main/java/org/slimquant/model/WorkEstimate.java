package org.slimquant.model;

import java.util.List;

/**
 * The number of products, or of codes to read, that an {@code IntegerEngine} has for each example.
 */
final class WorkEstimate implements OpCases<Long> {

  // With this limit, a sum with the products of any op, at most about 2^56, fits in 64 bits.
  private static final long MAX = 1L << 62;

  private static final WorkEstimate CASES = new WorkEstimate();

  private WorkEstimate() {}

  static long of(IntegerModel model) {
    long work = 0;
    for (IntegerOp op : model.ops()) {
      work = Math.min(MAX, work + op.apply(CASES));
    }
    return work;
  }

  @Override
  public Long conv2D(Conv2D conv) {
    return products(conv);
  }

  @Override
  public Long depthwiseConv2D(DepthwiseConv2D conv) {
    return products(conv);
  }

  /** Returns the products of a convolution: all weights at each pixel of the output. */
  private static long products(WeightedOp conv) {
    long size = conv.output().size();
    return size / conv.channels() * conv.kernel().codes().size();
  }

  @Override
  public Long dense(Dense dense) {
    return (long) dense.kernel().codes().size();
  }

  @Override
  public Long maxPool(MaxPool pool) {
    long size = pool.output().size();
    // Over the rows of a window first, and then over the columns of all windows of a row.
    long reach =
        pool.input().shape().get(1)
            + (pool.output().shape().get(1) - 1L) * pool.window().strideWidth();
    return size * (height(pool.window(), pool.input()) + Math.min(pool.window().width(), reach));
  }

  @Override
  public Long averagePool(AveragePool pool) {
    long size = pool.output().size();
    // Two such sides have at most 2^28 elements together.
    return size * height(pool.window(), pool.input()) * width(pool.window(), pool.input());
  }

  @Override
  public Long binary(BinaryOp op) {
    return (long) op.output().size();
  }

  @Override
  public Long matMul(MatMul product) {
    return (long) product.output().size() * product.depth();
  }

  @Override
  public Long concat(Concat concat) {
    return (long) concat.output().size();
  }

  @Override
  public Long pad(Pad pad) {
    return (long) pad.output().size();
  }

  @Override
  public Long slice(Slice slice) {
    return (long) slice.output().size();
  }

  @Override
  public Long transpose(Transpose transpose) {
    return (long) transpose.output().size();
  }

  @Override
  public Long tile(Tile tile) {
    return (long) tile.output().size();
  }

  @Override
  public Long reshape(Reshape reshape) {
    return (long) reshape.output().size();
  }

  @Override
  public Long requantize(Requantize requantize) {
    return (long) requantize.output().size();
  }

  @Override
  public Long table(Table table) {
    return (long) table.output().size();
  }

  @Override
  public Long leakyRelu(LeakyRelu relu) {
    return (long) relu.output().size();
  }

  /** Returns the largest number of rows of the image that a window reads. */
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
