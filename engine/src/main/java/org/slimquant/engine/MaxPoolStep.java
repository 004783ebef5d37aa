package org.slimquant.engine;

import java.util.Arrays;

/** Runs a {@link MaxPool}. */
final class MaxPoolStep extends SlidingStep {

  private final int depth;

  MaxPoolStep(MaxPool pool, MemoryPlan memory) {
    super(pool.window(), pool.input(), pool.output(), pool.input().shape().get(2), memory);
    depth = pool.input().shape().get(2);
  }

  @Override
  void begin(Workspace workspace) {
    Arrays.fill(workspace.sums, 0, depth, Integer.MIN_VALUE);
  }

  @Override
  void add(Workspace workspace, int pixel, int element, int count) {
    for (int next = pixel; next < pixel + count * depth; next += depth) {
      for (int i = 0; i < depth; i++) {
        workspace.sums[i] = Math.max(workspace.sums[i], workspace.codes[next + i]);
      }
    }
  }

  @Override
  void end(Workspace workspace, int count, int pixel) {
    System.arraycopy(workspace.sums, 0, workspace.codes, pixel, depth);
  }
}
