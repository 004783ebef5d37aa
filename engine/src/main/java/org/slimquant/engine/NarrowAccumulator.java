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
  public void add(Workspace workspace, int input, int count, int first) {
    int[] codes = workspace.codes;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      addFour(
          workspace.sums,
          codes[input + i],
          codes[input + i + 1],
          codes[input + i + 2],
          codes[input + i + 3],
          first + i * bias.length);
    }
    for (; i < count; i++) {
      addOne(workspace.sums, codes[input + i], first + i * bias.length);
    }
  }

  /** Adds four inputs at once, so that each sum is loaded and stored once for them. */
  private void addFour(int[] sums, int x0, int x1, int x2, int x3, int first) {
    int channels = bias.length;
    int second = first + channels;
    int third = second + channels;
    int fourth = third + channels;
    for (int channel = 0; channel < channels; channel++) {
      sums[channel] +=
          x0 * weights[first + channel]
              + x1 * weights[second + channel]
              + x2 * weights[third + channel]
              + x3 * weights[fourth + channel];
    }
  }

  private void addOne(int[] sums, int x, int first) {
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
