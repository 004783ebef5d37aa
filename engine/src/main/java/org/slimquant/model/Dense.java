package org.slimquant.model;

import java.util.List;

/**
 * A dense layer: {@code acc[c] = bias[c] + Σ x[a] · w[a, c]} over the inputs a.
 *
 * @param name its name
 * @param input {@code [in]}
 * @param kernel {@code [in, out]}
 * @param bias for each output, on the accumulator's grid
 * @param range the codes to which the output is clamped
 * @param output {@code [out]}
 */
public record Dense(
    String name,
    IntegerTensor input,
    Kernel kernel,
    Codes bias,
    CodeRange range,
    IntegerTensor output)
    implements WeightedOp {

  /**
   * Creates a dense layer.
   *
   * @throws IllegalArgumentException if shapes, formats or sizes do not fit together
   */
  public Dense {
    OpCheck check = OpCheck.of("Dense", name);
    check.rank(1, input);
    check.kernelRank(2, kernel);
    check.kernelInputs(kernel, 0, input);
    int channels = kernel.shape().get(1);
    check.channels(channels, kernel, bias);
    check.shape(List.of(channels), output);
    check.range(range, output);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.dense(this);
  }
}
