package org.slimquant.model;

import java.util.List;

/**
 * An op with weights: a convolution or a dense layer.
 *
 * <p>For output channel {@code c} with {@code s = shift(c)}:
 *
 * <pre>{@code
 * acc = Σ x·w + bias(c)                on the grid 2^accumulatorExponent(c)
 * y   = clamp((acc + 2^(s-1)) >> s)    s > 0
 * y   = clamp(acc << -s)               s <= 0
 * }</pre>
 */
public sealed interface WeightedOp extends IntegerOp permits Conv2D, DepthwiseConv2D, Dense {

  /** Returns the tensor by which the weights are multiplied. */
  IntegerTensor input();

  /** Returns the weights. */
  Kernel kernel();

  /**
   * Returns the constants that are added in the output channels: codes of 32 bits on the
   * accumulator's grid.
   */
  Codes bias();

  @Override
  default List<IntegerTensor> inputs() {
    return List.of(input());
  }

  /** Returns the number of output channels. */
  default int channels() {
    return bias().size();
  }

  /**
   * Returns the exponent of a channel's accumulator: the sum of the input's and the kernel's
   * exponents.
   */
  default int accumulatorExponent(int channel) {
    return input().format().frac() + kernel().exponent(channel);
  }

  /**
   * Returns the number of bits by which a channel's accumulator is shifted right, negative for
   * left.
   */
  default int shift(int channel) {
    return output().format().frac() - accumulatorExponent(channel);
  }
}
