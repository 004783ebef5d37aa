package org.slimquant.model;

import java.util.List;

/**
 * The largest code in each window, for each channel. Elements in the padding do not count. Codes of
 * one format have the order of the numbers that they represent, so nothing is rounded.
 *
 * @param name its name
 * @param input {@code [rows, columns, channels]}
 * @param window without dilation, and larger than its padding
 * @param output {@code [rows', columns', channels]}, of the input's format
 */
public record MaxPool(String name, IntegerTensor input, Window window, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a pooling.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public MaxPool {
    OpCheck check = OpCheck.of("MaxPool", name);
    check.rank(3, input);
    check.pools(window);
    check.shape(check.slide(window, input, input.shape().get(2)), output);
    check.sameFormat(input, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.maxPool(this);
  }
}
