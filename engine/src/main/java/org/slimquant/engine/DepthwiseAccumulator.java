package org.slimquant.engine;

import org.slimquant.model.WeightedOp;

/** An accumulator of a layer each of whose output channels has inputs of its own. */
sealed interface DepthwiseAccumulator extends Accumulator
    permits NarrowAccumulator, WideAccumulator {

  /** Returns the accumulator of a layer: with 64 bits if some input could make 32 bits overflow. */
  static DepthwiseAccumulator of(WeightedOp layer) {
    return Accumulator.fitsInt(layer) ? new NarrowAccumulator(layer) : new WideAccumulator(layer);
  }

  /** Adds to the sum of each channel c: {@code code[input + c / multiplier] * weight[row, c]}. */
  void addEach(Workspace workspace, int input, int multiplier, int row);
}
