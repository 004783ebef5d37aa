package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.SumBounds;

/**
 * The sums of a layer, one for each output channel. A sum begins with the bias and becomes a code.
 *
 * <p>The output channel is the fastest axis of a kernel, so one input code is multiplied with
 * neighbouring weights and added to neighbouring sums.
 */
sealed interface Accumulator permits DenseAccumulator, DepthwiseAccumulator {

  /** Returns whether 32 bits are enough for every sum of a layer. */
  static boolean fitsInt(WeightedOp layer) {
    return Arrays.stream(SumBounds.magnitudes(layer)).allMatch(bound -> bound <= Integer.MAX_VALUE);
  }

  /** Sets every sum to its channel's bias. */
  void begin(Workspace workspace);

  /** Stores the sums, from {@code output} on. */
  void end(Workspace workspace, int output);

  /** Converts all stored sums, {@code count} from {@code output} on, to codes. */
  void finish(Workspace workspace, int output, int count);
}
