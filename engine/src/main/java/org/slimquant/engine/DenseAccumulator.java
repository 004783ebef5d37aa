package org.slimquant.engine;

import org.slimquant.model.WeightedOp;

/** An accumulator of a layer each of whose inputs belongs to all output channels. */
sealed interface DenseAccumulator extends Accumulator permits PackedAccumulator, WideAccumulator {

  /** Returns the accumulator of a layer: with 64 bits if some input could make 32 bits overflow. */
  static DenseAccumulator of(WeightedOp layer) {
    return Accumulator.fitsInt(layer) ? new PackedAccumulator(layer) : new WideAccumulator(layer);
  }

  /**
   * Adds to the sum of each channel c: {@code Σ code[input + i] * weight[row + i, c]} over the
   * {@code count} inputs i.
   */
  void add(Workspace workspace, int input, int count, int row);
}
