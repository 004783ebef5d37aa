package org.slimquant.engine;

import java.util.Arrays;

/**
 * How the output channels of a layer share doubles: two in each, if their sums are small enough.
 *
 * <pre>{@code
 * weight = w[c] + w[c + 1] · 2^27
 * sum    = Σ x · weight = Σ x·w[c] + 2^27 · Σ x·w[c + 1]
 * }</pre>
 *
 * <p>So one product of doubles is two of codes. It is exact: a double holds every integer below
 * 2^53, and while {@link WeightedOp#accumulatorBounds} are below 2^26, whatever is summed stays
 * below {@code (2^26 - 1) · (2^27 + 1) < 2^53}, in any order. The sum of the first channel lies
 * between -2^26 and 2^26, and so in the lower 27 bits.
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
    boolean inPairs = Arrays.stream(layer.accumulatorBounds()).allMatch(bound -> bound < LIMIT);
    return new ChannelPacking(layer.channels(), inPairs);
  }

  /** Returns how many doubles hold a number for each channel. */
  int groups() {
    return inPairs ? (channels + 1) / 2 : channels;
  }

  /** Returns the first channel in a double. */
  int first(int group) {
    return inPairs ? 2 * group : group;
  }

  /** Whether a double has a second channel, the one after the first. */
  boolean hasSecond(int group) {
    return inPairs && 2 * group + 1 < channels;
  }

  /**
   * Returns one of the doubles that hold a code for each channel.
   *
   * @param from where the channels begin among the codes
   */
  double pack(Codes codes, int from, int group) {
    int first = from + first(group);
    long second = hasSecond(group) ? codes.get(first + 1) : 0;
    return (second << BITS) + codes.get(first);
  }

  /** Takes sums apart: those of the first channel, and those of the second if there is one. */
  void unpack(double[] sums, int count, int[] first, int[] second) {
    if (inPairs) {
      unpackPairs(sums, count, first, second);
    } else {
      for (int i = 0; i < count; i++) {
        first[i] = (int) sums[i];
      }
    }
  }

  private static void unpackPairs(double[] sums, int count, int[] first, int[] second) {
    for (int i = 0; i < count; i++) {
      long both = (long) sums[i];
      first[i] = ((int) both) << (Integer.SIZE - BITS) >> (Integer.SIZE - BITS);
      // What a negative lower sum has borrowed is given back.
      second[i] = (int) ((both + LIMIT) >> BITS);
    }
  }
}
