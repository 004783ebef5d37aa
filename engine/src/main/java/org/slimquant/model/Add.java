package org.slimquant.model;

/**
 * The sum of two tensors, element by element. Left shifts bring both tensors to the finer of their
 * steps, which is exact. The sum is rounded once.
 *
 * @param name its name
 * @param left a tensor
 * @param right a tensor of the same shape, or with a single element on some axes, which is
 *     broadcast, as those of {@code left} are; the steps of the two differ by a factor of at most
 *     2^32
 * @param range the codes to which the output is clamped
 * @param output a tensor with the larger of the two lengths on each axis
 */
public record Add(
    String name, IntegerTensor left, IntegerTensor right, CodeRange range, IntegerTensor output)
    implements BinaryOp {

  /**
   * Creates a sum.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Add {
    OpCheck check = OpCheck.of("Add", name);
    check.apart(left, right);
    check.broadcast(left, right, output);
    check.range(range, output);
  }

  @Override
  public Kind kind() {
    return Kind.ADD;
  }
}
