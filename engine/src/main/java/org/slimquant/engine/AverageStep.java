package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.MemoryPlan;

/** Runs an {@link AveragePool}. */
final class AverageStep extends SlidingStep {

  // A mean of 16-bit codes is less than half a step of a grid that is so much coarser.
  private static final int MAX_COARSER = 17;

  private final int depth;
  private final int finer;
  private final int coarser;
  private final CodeRange range;

  AverageStep(AveragePool pool, MemoryPlan memory) {
    super(pool.window(), pool.input(), pool.output(), pool.input().shape().get(2), memory);
    depth = pool.input().shape().get(2);
    int shift = pool.output().format().frac() - pool.input().format().frac();
    finer = Math.max(0, -shift);
    coarser = Math.max(0, Math.min(MAX_COARSER, shift));
    range = pool.range();
  }

  @Override
  void begin(Workspace workspace) {
    Arrays.fill(workspace.wideSums, 0, depth, 0);
  }

  @Override
  void add(Workspace workspace, int pixel, int element, int count) {
    for (int next = pixel; next < pixel + count * depth; next += depth) {
      for (int i = 0; i < depth; i++) {
        workspace.wideSums[i] += workspace.codes[next + i];
      }
    }
  }

  @Override
  void end(Workspace workspace, int count, int pixel) {
    // At most 2^46, and the other summand of the numerator at most 2^61.
    long divisor = (long) count << coarser;
    for (int i = 0; i < depth; i++) {
      long mean = Math.floorDiv(2 * (workspace.wideSums[i] << finer) + divisor, 2 * divisor);
      workspace.codes[pixel + i] = (int) Math.max(range.min(), Math.min(range.max(), mean));
    }
  }
}
