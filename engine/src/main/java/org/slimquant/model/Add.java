package org.slimquant.model;

import java.util.List;

/**
 * The sum of two tensors, element by element. Left shifts bring both tensors to the finer of their
 * steps, which is exact. The sum is rounded once.
 *
 * @param name its name
 * @param left a tensor
 * @param right a tensor of the same shape; the steps of the two differ by a factor of at most 2^32
 * @param range the codes to which the output is clamped
 * @param output a tensor of the same shape
 */
public record Add(
    String name, IntegerTensor left, IntegerTensor right, CodeRange range, IntegerTensor output)
    implements IntegerOp {

  // So the sum of shifted codes stays below 2^50.
  private static final int MAX_APART = 32;

  /**
   * Creates a sum.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Add {
    OpCheck check = OpCheck.of("Add", name);
    check.require(
        left.shape().equals(right.shape()),
        "must have inputs of one shape, but has %s and %s".formatted(left, right));
    check.require(
        Math.abs(left.format().frac() - right.format().frac()) <= MAX_APART,
        "must have inputs whose steps are at most 2^%d apart, but has %s and %s"
            .formatted(MAX_APART, left, right));
    check.shape(left.shape(), output);
    check.range(range, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(left, right);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.add(this);
  }

  /** Returns the exponent of the exact sum: the smaller of the inputs'. */
  public int sumExponent() {
    return Math.min(left.format().frac(), right.format().frac());
  }
}
