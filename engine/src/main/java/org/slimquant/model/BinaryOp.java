package org.slimquant.model;

import java.util.List;

/**
 * An op that computes each code of its output from one code of each of two tensors. An axis on
 * which one of them has a single element is broadcast: this element is read at every place of the
 * axis.
 *
 * <pre>{@code
 * y[i, j, k] = code(f(x[i, j, k], z[0, 0, k]))          x [h, w, c], z [1, 1, c]
 * }</pre>
 *
 * <p>The result of {@code f} is exact: a whole number of steps {@code 2^resultExponent}. It is
 * rounded once.
 */
public sealed interface BinaryOp extends IntegerOp
    permits Add, Subtract, Multiply, Maximum, Minimum {

  /** The functions of two numbers. */
  enum Kind {
    /** Their sum. */
    ADD,
    /** The first number minus the second. */
    SUBTRACT,
    /** Their product. */
    MULTIPLY,
    /** The larger number. */
    MAXIMUM,
    /** The smaller number. */
    MINIMUM
  }

  /** Returns the function. */
  Kind kind();

  /** Returns the tensor of its first number. */
  IntegerTensor left();

  /** Returns the tensor of its second number. */
  IntegerTensor right();

  @Override
  CodeRange range();

  @Override
  default List<IntegerTensor> inputs() {
    return List.of(left(), right());
  }

  /**
   * Returns the exponent of the step of the exact result. It is the finer step of the inputs, to
   * which left shifts bring the codes of both; or the product of their steps, for a product.
   */
  default int resultExponent() {
    return Math.min(left().format().frac(), right().format().frac());
  }

  /**
   * Returns the bits by which an input's codes are shifted to the left before the function is
   * applied to them.
   *
   * @param input one of the inputs
   */
  default int shiftOf(IntegerTensor input) {
    return input.format().frac() - resultExponent();
  }

  @Override
  default <T> T apply(OpCases<T> cases) {
    return cases.binary(this);
  }
}
