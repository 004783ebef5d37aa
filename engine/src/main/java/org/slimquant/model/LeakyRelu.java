package org.slimquant.model;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A multiple of each number, with one factor from 0 on and another below 0. Both are 0 or powers of
 * two, so the product is exact before it is rounded once:
 *
 * <pre>{@code
 * y = clamp(floor(positive * x / 2^d + 1/2))    x >= 0
 * y = clamp(floor(negative * x / 2^d + 1/2))    x < 0
 * }</pre>
 *
 * <p>A LeakyReLU with a slope of {@code 2^-k}, the absolute value, the negative and a multiple by a
 * power of two are such functions. They need no table, and have codes of up to 16 bits.
 *
 * @param name its name
 * @param input a tensor
 * @param positive the factor of numbers from 0 on
 * @param negative the factor of numbers below 0
 * @param range the codes to which the output is clamped
 * @param output a tensor of the input's shape
 */
public record LeakyRelu(
    String name,
    IntegerTensor input,
    Slope positive,
    Slope negative,
    CodeRange range,
    IntegerTensor output)
    implements IntegerOp {

  // From this shift on, a code of 16 bits becomes 0 or, to the left, saturates unless it is 0.
  private static final int FAR = 20;

  /**
   * Creates an op.
   *
   * @throws IllegalArgumentException if shapes differ, or if the range has codes that the output's
   *     format does not have
   */
  public LeakyRelu {
    OpCheck check = OpCheck.of("LeakyRelu", name);
    check.shape(input.shape(), output);
    check.range(range, output);
  }

  /** Returns the factor of a code. */
  public Slope slope(int code) {
    return code < 0 ? negative : positive;
  }

  /**
   * Returns the shift to the right of a code times the sign of its factor, at most 20 to either
   * side: larger ones give the same codes.
   */
  public int shift(Slope slope) {
    int shift = output.format().frac() - input.format().frac() - slope.exponent();
    return Math.max(-FAR, Math.min(FAR, shift));
  }

  /** Returns the output's code for a code of the input. */
  public int code(int input) {
    Slope slope = slope(input);
    int shift = shift(slope);
    long product = (long) input * slope.sign();
    long rounded = shift <= 0 ? product << -shift : (product + (1L << (shift - 1))) >> shift;
    return (int) Math.max(range.min(), Math.min(range.max(), rounded));
  }

  /**
   * Returns the smallest and the largest code for the codes of a range of the input. On either side
   * of 0 they are in the order of the input's codes, or in the reverse.
   */
  public CodeRange codes(CodeRange inputs) {
    IntSummaryStatistics ends =
        IntStream.of(inputs.min(), -1, 0, inputs.max())
            .filter(code -> code >= inputs.min() && code <= inputs.max())
            .map(this::code)
            .summaryStatistics();
    return new CodeRange(ends.getMin(), ends.getMax());
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.leakyRelu(this);
  }
}
