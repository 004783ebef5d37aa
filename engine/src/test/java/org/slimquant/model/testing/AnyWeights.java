package org.slimquant.model.testing;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;

/** Weights, biases and shifts of any size. */
final class AnyWeights implements Weights {

  private static final int SUMS_OF_22_BITS = 1 << 22;

  private final Random random;
  private final RandomFormats formats;

  AnyWeights(Random random, RandomFormats formats) {
    this.random = random;
    this.formats = formats;
  }

  @Override
  public Kernel kernel(IntegerTensor input, List<Integer> shape, int channels) {
    FixedPoint format = formats.format(random.nextInt(-12, 1));
    int size = shape.stream().reduce(1, Math::multiplyExact);
    List<Integer> exponents =
        random.nextBoolean()
            ? List.of(format.frac())
            : IntStream.range(0, channels)
                .mapToObj(channel -> format.frac() + random.nextInt(-4, 3))
                .toList();
    int[] codes = RandomCodes.of(random, new IntegerTensor("kernel", List.of(size), format), 1);
    if (random.nextInt(6) == 0) {
      for (int i = 0; i < size; i++) {
        codes[i] = codes[i] > 0 ? format.maxCode() : codes[i];
      }
    }
    return new Kernel(shape, format.bits(), format.signed(), exponents, Codes.of(codes));
  }

  @Override
  public Codes bias(IntegerTensor input, Kernel kernel, int channels) {
    return switch (random.nextInt(8)) {
      case 0 -> Codes.zeros(channels);
      case 1 ->
          Codes.of(
              random
                  .ints(channels)
                  .map(bits -> bits % 2 == 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE)
                  .toArray());
      case 2 -> Codes.of(random.ints(channels).toArray());
      case 3 -> Codes.of(random.ints(channels, -SUMS_OF_22_BITS, SUMS_OF_22_BITS).toArray());
      default -> Codes.of(random.ints(channels, -5000, 5001).toArray());
    };
  }

  @Override
  public FixedPoint output(IntegerTensor input, Kernel kernel, Codes bias) {
    int shift =
        switch (random.nextInt(16)) {
          case 0 -> random.nextInt(-80, 81);
          case 1, 2 -> random.nextInt(-30, 31);
          case 3, 4, 5, 6, 7 -> random.nextInt(-2, Math.max(13, kernel.bits() + 4));
          default -> kernel.bits() + random.nextInt(-2, 4);
        };
    return formats.format(input.format().frac() + kernel.exponent(0) + shift);
  }
}
