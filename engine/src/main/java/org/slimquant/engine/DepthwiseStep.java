package org.slimquant.engine;

import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.MemoryPlan;

/** Runs a {@link DepthwiseConv2D}. */
final class DepthwiseStep extends SlidingStep {

  private final int depth;
  private final int multiplier;
  private final DepthwiseAccumulator accumulator;

  DepthwiseStep(DepthwiseConv2D conv, MemoryPlan memory) {
    super(conv.window(), conv.input(), conv.output(), conv.channels(), memory);
    depth = conv.input().shape().get(2);
    multiplier = conv.kernel().shape().get(3);
    accumulator = DepthwiseAccumulator.of(conv);
  }

  @Override
  void begin(Workspace workspace) {
    accumulator.begin(workspace);
  }

  @Override
  void add(Workspace workspace, int pixel, int element, int count) {
    for (int i = 0; i < count; i++) {
      accumulator.addEach(workspace, pixel + i * depth, multiplier, element + i);
    }
  }

  @Override
  void end(Workspace workspace, int count, int pixel) {
    accumulator.end(workspace, pixel);
  }

  @Override
  void finish(Workspace workspace, int pixel, int count) {
    accumulator.finish(workspace, pixel, count);
  }
}
