package org.slimquant.engine;

/** Sums of 32 bits. */
final class NarrowAccumulator implements Accumulator {

  private final int[] weights;
  private final int[] bias;
  private final OutputStage stage;

  NarrowAccumulator(WeightedOp layer) {
    weights = layer.kernel().codes().toArray();
    bias = layer.bias().toArray();
    stage = OutputStage.of(layer);
  }

  @Override
  public void begin(Workspace workspace) {
    System.arraycopy(bias, 0, workspace.sums, 0, bias.length);
  }

  @Override
  public void add(Workspace workspace, int x, int first) {
    int[] sums = workspace.sums;
    for (int channel = 0; channel < bias.length; channel++) {
      sums[channel] += x * weights[first + channel];
    }
  }

  @Override
  public void addEach(Workspace workspace, int input, int multiplier, int first) {
    int[] sums = workspace.sums;
    int[] codes = workspace.codes;
    if (multiplier == 1) {
      for (int channel = 0; channel < bias.length; channel++) {
        sums[channel] += codes[input + channel] * weights[first + channel];
      }
    } else {
      for (int channel = 0; channel < bias.length; channel++) {
        sums[channel] += codes[input + channel / multiplier] * weights[first + channel];
      }
    }
  }

  @Override
  public void end(Workspace workspace, int output) {
    for (int channel = 0; channel < bias.length; channel++) {
      workspace.codes[output + channel] = stage.code(workspace.sums[channel], channel);
    }
  }
}
