package org.slimquant.deploy.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.WeightedOp;

/**
 * The sums that a layer brings to its output's grid: for each channel the smallest and the largest
 * there can be, and by how much it is shifted right.
 */
final class Sums {

  private final long[] min;
  private final long[] max;
  private final int[] shift;

  private Sums(long[] min, long[] max, int[] shift) {
    this.min = min;
    this.max = max;
    this.shift = shift;
  }

  /**
   * Returns the sums of a layer with weights.
   *
   * @param codes the codes that the input can have
   */
  static Sums of(WeightedOp layer, CodeRange codes) {
    int channels = layer.channels();
    long[] min = new long[channels];
    long[] max = new long[channels];
    for (int channel = 0; channel < channels; channel++) {
      min[channel] = layer.bias().get(channel);
      max[channel] = layer.bias().get(channel);
    }
    // The padding is code 0, which a window can read instead.
    int low = Math.min(0, codes.min());
    int high = Math.max(0, codes.max());
    Codes kernel = layer.kernel().codes();
    for (int i = 0; i < kernel.size(); i++) {
      long weight = kernel.get(i);
      min[i % channels] += weight * (weight > 0 ? low : high);
      max[i % channels] += weight * (weight > 0 ? high : low);
    }
    return new Sums(min, max, IntStream.range(0, channels).map(layer::shift).toArray());
  }

  /** Returns sums that are alike in all of a number of channels. */
  static Sums alike(int channels, long min, long max, int shift) {
    long[] mins = new long[channels];
    long[] maxs = new long[channels];
    int[] shifts = new int[channels];
    Arrays.fill(mins, min);
    Arrays.fill(maxs, max);
    Arrays.fill(shifts, shift);
    return new Sums(mins, maxs, shifts);
  }

  /** Returns these sums a number of times, one behind the other. */
  Sums repeated(int times) {
    int[] from =
        IntStream.range(0, times * channels()).map(channel -> channel % channels()).toArray();
    return new Sums(
        Arrays.stream(from).mapToLong(channel -> min[channel]).toArray(),
        Arrays.stream(from).mapToLong(channel -> max[channel]).toArray(),
        Arrays.stream(from).map(channel -> shift[channel]).toArray());
  }

  /** Returns the number of channels. */
  int channels() {
    return shift.length;
  }

  /** Returns by how many bits a channel is shifted right, negative for left. */
  int shift(int channel) {
    return shift[channel];
  }

  /** Returns the largest magnitude of a sum. */
  long bound() {
    return Math.max(
        -Arrays.stream(min).min().orElse(0), Math.max(0, Arrays.stream(max).max().orElse(0)));
  }

  /** Returns the codes that these sums become, clamped to a range. */
  CodeRange codes(CodeRange range) {
    int low = range.max();
    int high = range.min();
    for (int channel = 0; channel < channels(); channel++) {
      low = Math.min(low, code(min[channel], shift[channel], range));
      high = Math.max(high, code(max[channel], shift[channel], range));
    }
    return new CodeRange(low, high);
  }

  private static int code(long sum, int shift, CodeRange range) {
    long code;
    if (shift > 0) {
      // Sums are below 2^61.
      int cut = Math.min(shift, Long.SIZE - 2);
      code = (sum + (1L << (cut - 1))) >> cut;
    } else {
      long limit = 1L << Short.SIZE;
      code = Math.max(-limit, Math.min(limit, sum)) << Math.min(-shift, Short.SIZE);
    }
    return (int) Math.max(range.min(), Math.min(range.max(), code));
  }
}
