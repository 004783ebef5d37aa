package org.slimquant.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Products of matrices of two tensors, as of queries and keys. The last two axes are those of the
 * matrices; for each place along the axes before them, there is a product of its own.
 *
 * <pre>{@code
 * y[h, i, j] = code(Σ x[h, i, a] * z[h, a, j])
 * }</pre>
 *
 * @param name its name
 * @param left a tensor of two axes or more: {@code [.., m, k]}, or {@code [.., k, m]} if it is
 *     transposed
 * @param right a tensor with the same axes before the last two: {@code [.., k, n]}, or {@code [..,
 *     n, k]} if it is transposed
 * @param transposesLeft whether the matrices of {@code left} are transposed
 * @param transposesRight whether the matrices of {@code right} are transposed
 * @param range the codes to which the output is clamped
 * @param output {@code [.., m, n]}
 */
public record MatMul(
    String name,
    IntegerTensor left,
    IntegerTensor right,
    boolean transposesLeft,
    boolean transposesRight,
    CodeRange range,
    IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a product.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public MatMul {
    OpCheck check = OpCheck.of("MatMul", name);
    check.require(
        left.rank() >= 2
            && left.rank() == right.rank()
            && outer(left).equals(outer(right))
            && length(left, transposesLeft ? 0 : 1) == length(right, transposesRight ? 1 : 0),
        "must have inputs [.., m, k]%s and [.., k, n]%s, but has %s and %s"
            .formatted(
                transposesLeft ? " transposed" : "",
                transposesRight ? " transposed" : "",
                left,
                right));
    List<Integer> shape = new ArrayList<>(outer(left));
    shape.add(length(left, transposesLeft ? 1 : 0));
    shape.add(length(right, transposesRight ? 0 : 1));
    check.shape(shape, output);
    check.range(range, output);
  }

  private static List<Integer> outer(IntegerTensor tensor) {
    return tensor.shape().subList(0, tensor.rank() - 2);
  }

  /** Returns the length of one of the last two axes. */
  private static int length(IntegerTensor tensor, int axis) {
    return tensor.shape().get(tensor.rank() - 2 + axis);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(left, right);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.matMul(this);
  }

  /** Returns the number of matrices that are multiplied. */
  public int matrices() {
    return output.size() / (rows() * columns());
  }

  /** Returns m, the rows of a product. */
  public int rows() {
    return length(output, 0);
  }

  /** Returns n, the columns of a product. */
  public int columns() {
    return length(output, 1);
  }

  /** Returns k, the number of products of codes in a sum. */
  public int depth() {
    return length(left, transposesLeft ? 0 : 1);
  }

  /** Returns the exponent of the step of the sums: the product of the steps of both tensors. */
  public int sumExponent() {
    return left.format().frac() + right.format().frac();
  }
}
