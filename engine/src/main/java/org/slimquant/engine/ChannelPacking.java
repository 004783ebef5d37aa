package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.model.Codes;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.SumBounds;

/**
 * The packing of a layer's output channels into doubles: two in each if their sums are small
 * enough.
 *
 * <pre>{@code
 * weight = w[c] + w[c + 1] · 2^27
 * sum    = Σ x · weight = Σ x·w[c] + 2^27 · Σ x·w[c + 1]
 * }</pre>
 *
 * <p>So one product of doubles computes two products of codes. It is exact: a double represents
 * every integer below 2^53, and while {@link SumBounds#magnitudes} are below 2^26, every partial
 * sum stays below {@code (2^26 - 1) · (2^27 + 1) < 2^53}, in any order. The sum of the first
 * channel lies between -2^26 and 2^26, and so in the lower 27 bits.
 *
 * <p>Layers with larger bounds have one channel in each double.
 */
final class ChannelPacking {

  private static final int BITS = 27;
  private static final long LIMIT = 1L << (BITS - 1);

  private final int channels;
  private final boolean inPairs;

  private ChannelPacking(int channels, boolean inPairs) {
    this.channels = channels;
    this.inPairs = inPairs;
  }

  /** Returns the packing of a layer whose sums have at most 32 bits. */
  static ChannelPacking of(WeightedOp layer) {
    boolean inPairs = Arrays.stream(SumBounds.magnitudes(layer)).allMatch(bound -> bound < LIMIT);
    return new ChannelPacking(layer.channels(), inPairs);
  }

  /** Returns the number of doubles that hold a number for each channel. */
  int groups() {
    return inPairs ? (channels + 1) / 2 : channels;
  }

  /** Returns the doubles that hold the codes of all channels, which begin at {@code from}. */
  double[] pack(Codes codes, int from) {
    double[] packed = new double[groups()];
    for (int group = 0; group < packed.length; group++) {
      packed[group] = pack(codes, from, group);
    }
    return packed;
  }

  /**
   * Returns one of the doubles that hold a code for each channel.
   *
   * @param from the index of the first channel among the codes
   */
  double pack(Codes codes, int from, int group) {
    if (!inPairs) {
      return codes.get(from + group);
    }
    int first = from + 2 * group;
    long second = 2 * group + 1 < channels ? codes.get(first + 1) : 0;
    return (second << BITS) + codes.get(first);
  }

  /** Unpacks a sum of each channel, into neighbours from {@code to} on. */
  void unpack(double[] sums, int[] apart, int to) {
    if (!inPairs) {
      for (int channel = 0; channel < channels; channel++) {
        apart[to + channel] = (int) sums[channel];
      }
      return;
    }
    for (int channel = 0; channel + 1 < channels; channel += 2) {
      long both = (long) sums[channel / 2];
      apart[to + channel] = first(both);
      apart[to + channel + 1] = second(both);
    }
    if (channels % 2 > 0) {
      apart[to + channels - 1] = first((long) sums[channels / 2]);
    }
  }

  /**
   * Unpacks rows of sums of some channels, into a row for each channel.
   *
   * @param channel the first of these channels, an even number
   * @param pixels the number of sums in a row
   * @param apart as many rows as channels, and one more if their number is odd
   */
  void unpack(double[][] sums, int channel, int count, int pixels, int[][] apart) {
    for (int i = 0; i < count; i += inPairs ? 2 : 1) {
      if (inPairs) {
        unpackPairs(sums[(channel + i) / 2], pixels, apart[i], apart[i + 1]);
      } else {
        unpackOnes(sums[channel + i], pixels, apart[i]);
      }
    }
  }

  private static void unpackOnes(double[] sums, int count, int[] apart) {
    for (int i = 0; i < count; i++) {
      apart[i] = (int) sums[i];
    }
  }

  private static void unpackPairs(double[] sums, int count, int[] firsts, int[] seconds) {
    for (int i = 0; i < count; i++) {
      long both = (long) sums[i];
      firsts[i] = first(both);
      seconds[i] = second(both);
    }
  }

  private static int first(long both) {
    return ((int) both) << (Integer.SIZE - BITS) >> (Integer.SIZE - BITS);
  }

  /** Returns the second sum, plus the 1 that a negative first sum borrowed from it. */
  private static int second(long both) {
    return (int) ((both + LIMIT) >> BITS);
  }
}
