package org.slimquant.engine;

import org.slimquant.model.WeightedOp;

/** Sums of 64 bits, for layers whose sums may need more than 32. */
final class WideAccumulator implements DenseAccumulator, DepthwiseAccumulator {

  private final int[] weights;
  private final int[] bias;
  private final OutputStage stage;

  WideAccumulator(WeightedOp layer) {
    weights = layer.kernel().codes().toArray();
    bias = layer.bias().toArray();
    stage = OutputStage.of(layer);
  }

  @Override
  public void begin(Workspace workspace) {
    for (int channel = 0; channel < bias.length; channel++) {
      workspace.wideSums[channel] = bias[channel];
    }
  }

  @Override
  public void add(Workspace workspace, int input, int count, int row) {
    long[] sums = workspace.wideSums;
    for (int i = 0; i < count; i++) {
      long x = workspace.codes[input + i];
      int first = (row + i) * bias.length;
      for (int channel = 0; channel < bias.length; channel++) {
        sums[channel] += x * weights[first + channel];
      }
    }
  }

  @Override
  public void addEach(Workspace workspace, int input, int multiplier, int row) {
    int first = row * bias.length;
    long[] sums = workspace.wideSums;
    int[] codes = workspace.codes;
    for (int channel = 0; channel < bias.length; channel++) {
      sums[channel] += (long) codes[input + channel / multiplier] * weights[first + channel];
    }
  }

  @Override
  public void end(Workspace workspace, int output) {
    for (int channel = 0; channel < bias.length; channel++) {
      workspace.codes[output + channel] = stage.code(workspace.wideSums[channel], channel);
    }
  }

  @Override
  public void finish(Workspace workspace, int output, int count) {
    // The method end has made codes already, because the array of codes has no room for sums of 64
    // bits.
  }
}
