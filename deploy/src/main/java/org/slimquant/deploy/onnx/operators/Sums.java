package org.slimquant.deploy.onnx.operators;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.SumBounds;

/**
 * The sums that a layer brings to its output's grid: the bounds of each channel, and the bits by
 * which it is shifted right.
 *
 * @param bounds the bounds of each channel
 * @param shifts the shift of each channel, negative for left
 */
record Sums(List<SumBounds> bounds, Codes shifts) {

  Sums {
    bounds = List.copyOf(bounds);
  }

  /**
   * Returns the sums of a layer with weights.
   *
   * @param codes the codes that the input can have
   */
  static Sums of(WeightedOp layer, CodeRange codes) {
    return new Sums(
        SumBounds.of(layer, codes),
        Codes.of(IntStream.range(0, layer.channels()).map(layer::shift).toArray()));
  }

  /** Returns sums with the same bounds and shift in each channel. */
  static Sums alike(int channels, SumBounds bounds, int shift) {
    return new Sums(
        Collections.nCopies(channels, bounds),
        Codes.of(IntStream.range(0, channels).map(channel -> shift).toArray()));
  }

  /** Returns these sums a number of times, one after the other. */
  Sums repeated(int times) {
    return new Sums(
        Stream.generate(() -> bounds).limit(times).flatMap(List::stream).toList(),
        Codes.of(
            IntStream.range(0, times * channels())
                .map(channel -> shift(channel % channels()))
                .toArray()));
  }

  /** Returns the number of channels. */
  int channels() {
    return bounds.size();
  }

  /** Returns the bits by which a channel is shifted right, negative for left. */
  int shift(int channel) {
    return shifts.get(channel);
  }

  /** Returns the largest magnitude of a sum. */
  long bound() {
    long min = bounds.stream().mapToLong(SumBounds::min).min().orElse(0);
    long max = bounds.stream().mapToLong(SumBounds::max).max().orElse(0);
    return Math.max(-min, Math.max(0, max));
  }

  /** Returns the range of the codes of these sums, clamped to a range. */
  CodeRange codes(CodeRange range) {
    int low = range.max();
    int high = range.min();
    for (int channel = 0; channel < channels(); channel++) {
      CodeRange codes = bounds.get(channel).codes(shift(channel), range);
      low = Math.min(low, codes.min());
      high = Math.max(high, codes.max());
    }
    return new CodeRange(low, high);
  }
}
