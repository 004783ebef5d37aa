package org.slimquant.model;

import java.util.List;

/**
 * The same numbers in another format, or clipped by an activation. A fake quant, a Relu or a Relu6
 * by itself becomes this op.
 *
 * @param name its name
 * @param input a tensor
 * @param range the codes to which the output is clamped
 * @param output a tensor of the same shape
 */
public record Requantize(String name, IntegerTensor input, CodeRange range, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a requantization.
   *
   * @throws IllegalArgumentException if shapes differ, or if the range has codes that the output's
   *     format does not have
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
