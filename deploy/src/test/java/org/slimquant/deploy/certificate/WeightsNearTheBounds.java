package org.slimquant.deploy.certificate;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.testing.RandomFormats;
import org.slimquant.model.testing.Weights;

/** Weights and biases whose sums are exact in float32, many of them only just. */
final class WeightsNearTheBounds implements Weights {

  private static final long EXACT_SUM = 1L << 24;

  private final Random random;
  private final RandomFormats formats;

  WeightsNearTheBounds(Random random, RandomFormats formats) {
    this.random = random;
    this.formats = formats;
  }

  /** Returns a kernel whose sums reach a random part of what is exact, half of them all of it. */
  @Override
  public Kernel kernel(IntegerTensor input, List<Integer> shape, int channels) {
    FixedPoint format = formats.format(random.nextInt(-12, 0));
    int size = shape.stream().reduce(1, (a, b) -> a * b);
    long fanIn = size / channels;
    // Weights are on average half as large as the largest.
    long largest = 2 * EXACT_SUM / (fanIn * input.format().maxCode());
    largest >>= random.nextBoolean() ? 0 : random.nextInt(16);
    int max = (int) Math.max(1, Math.min(format.maxCode(), largest));
    int min = format.signed() ? -max : 0;
    int[] codes = new int[size];
    for (int i = 0; i < size; i++) {
      codes[i] =
          switch (random.nextInt(8)) {
            case 0 -> min;
            case 1 -> 0;
            default -> random.nextInt(min, max + 1);
          };
    }
    List<Integer> exponents =
        random.nextBoolean()
            ? List.of(format.frac())
            : IntStream.range(0, channels)
                .mapToObj(channel -> format.frac() + random.nextInt(3) - 1)
                .toList();
    return new Kernel(shape, format.bits(), format.signed(), exponents, Codes.of(codes));
  }

  /** Returns biases of any size, or such that sums reach all of what is exact. */
  @Override
  public Codes bias(IntegerTensor input, Kernel kernel, int channels) {
    int largest = 1 << random.nextInt(1, 21);
    return switch (random.nextInt(4)) {
      case 0 -> Codes.zeros(channels);
      case 1 ->
          Codes.of(
              LongStream.of(sums(kernel, channels, input))
                  .map(sum -> Math.max(0, EXACT_SUM - sum))
                  .mapToInt(rest -> (int) (random.nextBoolean() ? rest : -rest))
                  .toArray());
      default -> Codes.of(random.ints(channels, -largest, largest).toArray());
    };
  }

  private static long[] sums(Kernel kernel, int channels, IntegerTensor input) {
    long[] sums = new long[channels];
    for (int i = 0; i < kernel.codes().size(); i++) {
      sums[i % channels] += (long) Math.abs(kernel.codes().get(i)) * input.format().maxCode();
    }
    return sums;
  }

  @Override
  public FixedPoint output(IntegerTensor input, Kernel kernel, Codes bias) {
    FixedPoint some = formats.format(0);
    long sum = Math.max(1, sums(kernel, bias.size(), input)[0] + Math.abs(bias.get(0)));
    int bits = Long.SIZE - Long.numberOfLeadingZeros(sum);
    int shift = bits - some.bits() - random.nextInt(4);
    int exponent = input.format().frac() + kernel.exponent(0) + shift;
    return new FixedPoint(some.bits(), formats.format(exponent).frac(), some.signed());
  }
}
