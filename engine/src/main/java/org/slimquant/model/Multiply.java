package org.slimquant.model;

/**
 * The product of two tensors, element by element. A product of codes is exact, in steps that are
 * the product of the steps of both tensors. It is rounded once.
 *
 * @param name its name
 * @param left a tensor
 * @param right a tensor of the same shape, or with a single element on some axes, which is
 *     broadcast, as those of {@code left} are
 * @param range the codes to which the output is clamped
 * @param output a tensor with the larger of the two lengths on each axis
 */
public record Multiply(
    String name, IntegerTensor left, IntegerTensor right, CodeRange range, IntegerTensor output)
    implements BinaryOp {

  /**
   * Creates a product.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Multiply {
    OpCheck check = OpCheck.of("Multiply", name);
    check.broadcast(left, right, output);
    check.range(range, output);
  }

  @Override
  public Kind kind() {
    return Kind.MULTIPLY;
  }

  @Override
  public int resultExponent() {
    return left.format().frac() + right.format().frac();
  }

  /** Returns 0: codes are multiplied as they are. */
  @Override
  public int shiftOf(IntegerTensor input) {
    return 0;
  }
}
