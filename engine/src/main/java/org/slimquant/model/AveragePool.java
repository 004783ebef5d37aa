package org.slimquant.model;

import java.util.List;

/**
 * The mean of each window, for each channel. Elements in the padding do not count, so a window at
 * the border has fewer elements.
 *
 * <p>With {@code sum} the sum of the {@code count} input codes of a window, di the input's exponent
 * and do the output's, the mean is {@code sum / count * 2^di}, and its code, rounded once,
 *
 * <pre>{@code
 * y = clamp(floor((2·sum·2^(di-do) + count) / (2·count)))                  do <= di
 * y = clamp(floor((2·sum + count·2^(do-di)) / (2·count·2^(do-di))))        do > di
 * }</pre>
 *
 * <p>The mean over a whole image is an average whose window is the image.
 *
 * <p><b>In float32,</b> TensorFlow adds and divides, and then a fake quant rounds. If {@code count}
 * is a power of two and sums stay below 2^24, only the fake quant rounds, and its codes are the
 * ones above. Otherwise the quotient is rounded too, and may reach a tie that it was just below. It
 * cannot pass a tie, because ties are float32 numbers and rounding keeps the order. It cannot reach
 * a tie if
 *
 * <pre>{@code
 * |sum| < 2^24    and    count·2^max(0, do-di) <= 2^(22-bits)
 * }</pre>
 *
 * with the output's bits. A number that is not a tie is at least {@code 1 / (2·count·2^max(0,
 * do-di))} steps away from a tie, and quotient, offset and sum are each rounded by at most {@code
 * 2^(bits-25)} steps. For 8 bits on one grid these are windows of up to 16,384 elements. The
 * division must be rounded correctly, as in TensorFlow's AvgPool and Mean on a CPU. A product with
 * {@code 1 / count} can miss a tie that the quotient meets.
 *
 * @param name its name
 * @param input {@code [rows, columns, channels]}
 * @param window without dilation, and larger than its padding
 * @param range the codes to which the output is clamped
 * @param output {@code [rows', columns', channels]}, or {@code [channels]} if that is one pixel;
 *     its step at most 2^16 times finer than the input's
 */
public record AveragePool(
    String name, IntegerTensor input, Window window, CodeRange range, IntegerTensor output)
    implements IntegerOp {

  // So 2·sum·2^(di-do) stays below 2^61.
  private static final int MAX_FINER = 16;

  /**
   * Creates a pooling.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public AveragePool {
    OpCheck check = OpCheck.of("AveragePool", name);
    check.rank(3, input);
    check.pools(window);
    List<Integer> shape = check.slide(window, input, input.shape().get(2));
    boolean onePixel = shape.get(0) == 1 && shape.get(1) == 1;
    check.shape(onePixel && output.rank() == 1 ? shape.subList(2, 3) : shape, output);
    check.require(
        input.format().frac() - output.format().frac() <= MAX_FINER,
        "must have an output whose step is at most 2^%d times finer than the input's, but has %s from %s"
            .formatted(MAX_FINER, output, input));
    check.range(range, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.averagePool(this);
  }
}
