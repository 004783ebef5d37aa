package org.slimquant.deploy.testing;

import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;

/** Random formats of layers, in which sums stay below 2^24 steps of the accumulator. */
final class LayerFormats {

  private final Random random;
  private final int maxBits;

  LayerFormats(Random random, int maxBits) {
    this.random = random;
    this.maxBits = maxBits;
  }

  FixedPoint format() {
    int bits = 2 + random.nextInt(maxBits - 1);
    int frac = -random.nextInt(8);
    return random.nextBoolean() ? FixedPoint.signed(bits, frac) : FixedPoint.unsigned(bits, frac);
  }

  FormatRequest kernelFormat(int channels) {
    int bits = 2 + random.nextInt(Math.min(8, maxBits) - 1);
    return switch (random.nextInt(4)) {
      case 0, 1 ->
          new PerChannel(
              bits, IntStream.range(0, channels).mapToObj(c -> -4 - random.nextInt(4)).toList());
      case 2 -> FixedPoint.unsigned(bits, -5 - random.nextInt(3));
      default -> FixedPoint.signed(bits, -5 - random.nextInt(3));
    };
  }

  /** Returns a format that most outputs of a layer do not saturate: near the sum's deviation. */
  FixedPoint outputFormat(FixedPoint input, FormatRequest kernel, int fanIn) {
    int bits = 2 + random.nextInt(maxBits - 1);
    double kernelMax =
        kernel instanceof PerChannel channels
            ? channels.channel(0).max()
            : ((FixedPoint) kernel).max();
    double deviation = input.max() * 0.5 * kernelMax * 0.4 * Math.sqrt(fanIn);
    int frac = (int) Math.ceil(Math.log(deviation * 2) / Math.log(2)) - bits + 1;
    int kernelFrac =
        kernel instanceof PerChannel channels
            ? channels.fracs().stream().mapToInt(i -> i).min().orElseThrow()
            : ((FixedPoint) kernel).frac();
    // The fake quant rounds exactly up to a shift of 24 - bits.
    int largest = input.frac() + kernelFrac + 24 - bits;
    FixedPoint format = FixedPoint.signed(bits, Math.min(frac, largest));
    return random.nextBoolean() ? format : FixedPoint.unsigned(bits, format.frac());
  }

  /** Returns a format whose step is near another's. */
  FixedPoint near(FixedPoint format) {
    int bits = 2 + random.nextInt(Math.min(8, maxBits) - 1);
    return FixedPoint.signed(bits, format.frac() + random.nextInt(4) - 1);
  }
}
