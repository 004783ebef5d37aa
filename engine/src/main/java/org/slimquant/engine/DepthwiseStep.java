package org.slimquant.engine;

/** Runs a {@link DepthwiseConv2D}. */
final class DepthwiseStep extends SlidingStep {

  private final int multiplier;
  private final int channels;
  private final Accumulator accumulator;

  DepthwiseStep(DepthwiseConv2D conv, MemoryPlan memory) {
    super(conv.window(), conv.input(), conv.output(), conv.channels(), memory);
    multiplier = conv.kernel().shape().get(3);
    channels = conv.channels();
    accumulator = Accumulator.of(conv);
  }

  @Override
  void begin(Workspace workspace) {
    accumulator.begin(workspace);
  }

  @Override
  void add(Workspace workspace, int pixel, int element) {
    accumulator.addEach(workspace, pixel, multiplier, element * channels);
  }

  @Override
  void end(Workspace workspace, int count, int pixel) {
    accumulator.end(workspace, pixel);
  }
}
