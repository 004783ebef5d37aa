package org.slimquant.model;

/**
 * A convolution: {@code acc[r, k, c] = bias[c] + Σ x[row(r, i), column(k, j), a] · w[i, j, a, c]}
 * over the window's rows i and columns j and the input's channels a. Elements in the padding are 0.
 *
 * @param name its name
 * @param input {@code [rows, columns, in]}
 * @param kernel {@code [height, width, in, out]}
 * @param bias for each output channel, on the accumulator's grid
 * @param window the window that slides over the input: see {@link Window}
 * @param range the codes to which the output is clamped
 * @param output {@code [rows', columns', out]}
 */
public record Conv2D(
    String name,
    IntegerTensor input,
    Kernel kernel,
    Codes bias,
    Window window,
    CodeRange range,
    IntegerTensor output)
    implements WeightedOp {

  /**
   * Creates a convolution.
   *
   * @throws IllegalArgumentException if shapes, formats or sizes do not fit together
   */
  public Conv2D {
    OpCheck check = OpCheck.of("Conv2D", name);
    check.rank(3, input);
    check.kernelRank(4, kernel);
    check.kernelFits(kernel, window);
    check.kernelInputs(kernel, 2, input);
    int channels = kernel.shape().get(3);
    check.channels(channels, kernel, bias);
    check.shape(check.slide(window, input, channels), output);
    check.range(range, output);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.conv2D(this);
  }
}
