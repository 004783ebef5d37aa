package org.slimquant.engine;

import java.util.Arrays;

/**
 * What the kernels of all layers have in common: adds products to a sum for each output channel,
 * beginning with the bias, and makes codes of the sums.
 *
 * <p>The output channels run fastest in a kernel, so that one input code meets neighbouring weights
 * and neighbouring sums.
 */
sealed interface Accumulator permits NarrowAccumulator, WideAccumulator {

  /** Returns the accumulator of a layer: of 32 bits if no input can make them overflow. */
  static Accumulator of(WeightedOp layer) {
    return fitsInt(layer) ? new NarrowAccumulator(layer) : new WideAccumulator(layer);
  }

  /** Whether 32 bits are enough for every sum of a layer. */
  static boolean fitsInt(WeightedOp layer) {
    return Arrays.stream(layer.accumulatorBounds()).allMatch(bound -> bound <= Integer.MAX_VALUE);
  }

  /** Sets every sum to its channel's bias. */
  void begin(Workspace workspace);

  /**
   * Adds to the sum of each channel c: {@code Σ code[input + i] * weight[row + i, c]} over the
   * {@code count} inputs i.
   */
  void add(Workspace workspace, int input, int count, int row);

  /** Adds to the sum of each channel c: {@code code[input + c / multiplier] * weight[row, c]}. */
  void addEach(Workspace workspace, int input, int multiplier, int row);

  /** Puts away the sums, from {@code output} on. */
  void end(Workspace workspace, int output);

  /** Makes codes of all sums that were put away, {@code count} from {@code output} on. */
  void finish(Workspace workspace, int output, int count);
}
