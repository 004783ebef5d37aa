package org.slimquant.model;

/**
 * One case for each integer op.
 *
 * <pre>{@code
 * Step step = op.apply(new Steps(memory));
 * }</pre>
 *
 * <p>Java 17 has no switch over types. A chain of {@code instanceof} would not notice a new op;
 * With these cases, the compiler names every class that must handle it.
 *
 * @param <T> the type of the result
 */
public interface OpCases<T> {

  /** Returns the result for a convolution. */
  T conv2D(Conv2D conv);

  /** Returns the result for a depthwise convolution. */
  T depthwiseConv2D(DepthwiseConv2D conv);

  /** Returns the result for a dense layer. */
  T dense(Dense dense);

  /** Returns the result for a max pooling. */
  T maxPool(MaxPool pool);

  /** Returns the result for an average pooling. */
  T averagePool(AveragePool pool);

  /**
   * Returns the result for a sum, a difference, a product, a maximum or a minimum of two tensors.
   */
  T binary(BinaryOp op);

  /** Returns the result for a product of matrices of two tensors. */
  T matMul(MatMul product);

  /** Returns the result for a concat. */
  T concat(Concat concat);

  /** Returns the result for a pad. */
  T pad(Pad pad);

  /** Returns the result for a slice. */
  T slice(Slice slice);

  /** Returns the result for a transpose. */
  T transpose(Transpose transpose);

  /** Returns the result for a tile. */
  T tile(Tile tile);

  /** Returns the result for a reshape. */
  T reshape(Reshape reshape);

  /** Returns the result for a requantization. */
  T requantize(Requantize requantize);

  /** Returns the result for a table. */
  T table(Table table);

  /** Returns the result for an op with two slopes. */
  T leakyRelu(LeakyRelu relu);
}
