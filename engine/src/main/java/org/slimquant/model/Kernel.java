package org.slimquant.model;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.check.Shapes;

/**
 * The weights of a layer as codes. A code of output channel {@code c} represents {@code code *
 * 2^exponent(c)}.
 *
 * <p>The last axes run over the output channels, so the code at index {@code i} belongs to channel
 * {@code i % channels}.
 *
 * @param shape {@code [height, width, in, out]} for a convolution, {@code [height, width, in,
 *     multiplier]} for a depthwise one, whose output channel {@code i * multiplier + m} is the m-th
 *     output channel of input channel i, and {@code [in, out]} for a dense layer
 * @param bits the width of a code, 2 to 16
 * @param signed whether codes are symmetric about 0 or start at 0
 * @param exponents one exponent for all output channels, or one for each
 * @param codes the codes in the order of the shape, the last axis fastest
 */
public record Kernel(
    List<Integer> shape, int bits, boolean signed, List<Integer> exponents, Codes codes) {

  /**
   * Creates a kernel.
   *
   * @throws IllegalArgumentException if a dimension is not positive, bits or an exponent out of
   *     range, if the number of codes differs from the shape's or is more than 2^28, or if one is
   *     not a code of the format
   */
  public Kernel {
    shape = List.copyOf(shape);
    exponents = List.copyOf(exponents);
    if (exponents.isEmpty()) {
      throw new IllegalArgumentException("a kernel must have an exponent, but has none");
    }
    FixedPoint format =
        exponents.stream().map(exponent -> new FixedPoint(bits, exponent, signed)).toList().get(0);
    int size = Shapes.size(shape, "a kernel");
    if (codes.size() != size) {
      throw new IllegalArgumentException(
          "a kernel of shape %s must have %d codes, but has %d"
              .formatted(shape, size, codes.size()));
    }
    for (int i = 0; i < size; i++) {
      if (!format.holds(codes.get(i))) {
        throw new IllegalArgumentException(
            "the codes of a kernel of %d bits must be between %d and %d, but code %d is %d"
                .formatted(bits, format.minCode(), format.maxCode(), i, codes.get(i)));
      }
    }
  }

  /**
   * Returns a kernel with one format for all its output channels.
   *
   * @throws IllegalArgumentException as the constructor does
   */
  public static Kernel of(List<Integer> shape, FixedPoint format, int... codes) {
    return new Kernel(
        shape, format.bits(), format.signed(), List.of(format.frac()), Codes.of(codes));
  }

  /** Returns the exponent of an output channel. */
  public int exponent(int channel) {
    return exponents.get(exponents.size() == 1 ? 0 : channel);
  }

  /** Returns the format of an output channel. */
  public FixedPoint format(int channel) {
    return new FixedPoint(bits, exponent(channel), signed);
  }
}
