package org.slimquant.engine;

import org.slimquant.model.Conv2D;
import org.slimquant.model.MemoryPlan;

/** Runs a {@link Conv2D}. */
final class ConvStep extends SlidingStep {

  private final int depth;
  private final DenseAccumulator accumulator;

  ConvStep(Conv2D conv, MemoryPlan memory) {
    super(conv.window(), conv.input(), conv.output(), conv.channels(), memory);
    depth = conv.input().shape().get(2);
    accumulator = DenseAccumulator.of(conv);
  }

  @Override
  void begin(Workspace workspace) {
    accumulator.begin(workspace);
  }

  @Override
  void add(Workspace workspace, int pixel, int element, int count) {
    // Neighbours in the window are also neighbours in the image and in the kernel.
    accumulator.add(workspace, pixel, count * depth, element * depth);
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
