package org.slimquant.model;

import java.util.List;

/**
 * The same numbers in another format, or cut off by an activation: what a fake quant, a Relu or a
 * Relu6 by itself becomes.
 *
 * @param name its name
 * @param input a tensor
 * @param range the codes that the output is clamped to
 * @param output a tensor of the same shape
 */
public record Requantize(String name, IntegerTensor input, CodeRange range, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a requantization.
   *
   * @throws IllegalArgumentException if shapes differ, or if the range has codes that the output
   *     has not
   */
  public Requantize {
    OpCheck check = OpCheck.of("Requantize", name);
    check.shape(input.shape(), output);
    check.range(range, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.requantize(this);
  }
}
