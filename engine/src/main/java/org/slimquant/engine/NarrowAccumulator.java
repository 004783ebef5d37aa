package org.slimquant.engine;

import org.slimquant.model.Codes;
import org.slimquant.model.WeightedOp;

/**
 * Sums of 32 bits.
 *
 * <p>Each row of weights has an array of its own, for the reason that {@link Products} gives.
 */
final class NarrowAccumulator implements DepthwiseAccumulator {

  private final int[][] rows;
  private final int[] bias;
  private final OutputStage stage;

  NarrowAccumulator(WeightedOp layer) {
    bias = layer.bias().toArray();
    rows = rows(layer.kernel().codes(), bias.length);
    stage = OutputStage.of(layer);
  }

  private static int[][] rows(Codes codes, int channels) {
    int[][] rows = new int[codes.size() / channels][channels];
    for (int i = 0; i < codes.size(); i++) {
      rows[i / channels][i % channels] = codes.get(i);
    }
    return rows;
  }

  @Override
  public void begin(Workspace workspace) {
    System.arraycopy(bias, 0, workspace.sums, 0, bias.length);
  }

  @Override
  public void addEach(Workspace workspace, int input, int multiplier, int row) {
    int[] codes = workspace.codes;
    int[] inputs = workspace.inputs;
    if (multiplier == 1) {
      System.arraycopy(codes, input, inputs, 0, bias.length);
    } else {
      for (int channel = 0; channel < bias.length; channel++) {
        inputs[channel] = codes[input + channel / multiplier];
      }
    }
    addProducts(bias.length, workspace.sums, inputs, rows[row]);
  }

  private static void addProducts(int channels, int[] sums, int[] inputs, int[] row) {
    for (int channel = 0; channel < channels; channel++) {
      sums[channel] += inputs[channel] * row[channel];
    }
  }

  @Override
  public void end(Workspace workspace, int output) {
    System.arraycopy(workspace.sums, 0, workspace.codes, output, bias.length);
  }

  @Override
  public void finish(Workspace workspace, int output, int count) {
    stage.round(workspace.codes, output, count);
  }
}
