package org.slimquant.model;

import java.util.List;

/**
 * The same codes in the same order under another shape: a reshape, a flatten, a squeeze.
 *
 * @param name its name
 * @param input a tensor
 * @param output a tensor of as many elements and the same format
 */
public record Reshape(String name, IntegerTensor input, IntegerTensor output) implements IntegerOp {

  /**
   * Creates a reshape.
   *
   * @throws IllegalArgumentException if sizes or formats differ
   */
  public Reshape {
    OpCheck check = OpCheck.of("Reshape", name);
    check.require(
        input.size() == output.size(),
        "must have an output of as many elements as its input %s, but has %s"
            .formatted(input, output));
    check.sameFormat(input, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.reshape(this);
  }
}
