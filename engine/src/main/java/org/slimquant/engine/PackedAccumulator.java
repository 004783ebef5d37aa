package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.model.WeightedOp;

/**
 * Sums of 32 bits, in doubles: see {@link ChannelPacking}.
 *
 * <p>Each row of weights has an array of its own, for the reason that {@link Products} gives.
 */
final class PackedAccumulator implements DenseAccumulator {

  private final ChannelPacking packing;
  private final double[][] rows;
  private final double[] bias;
  private final OutputStage stage;

  PackedAccumulator(WeightedOp layer) {
    packing = ChannelPacking.of(layer);
    int channels = layer.channels();
    rows = new double[layer.kernel().codes().size() / channels][];
    Arrays.setAll(rows, row -> packing.pack(layer.kernel().codes(), row * channels));
    bias = packing.pack(layer.bias(), 0);
    stage = OutputStage.of(layer);
  }

  @Override
  public void begin(Workspace workspace) {
    System.arraycopy(bias, 0, workspace.packedSums, 0, bias.length);
  }

  @Override
  public void add(Workspace workspace, int input, int count, int row) {
    int[] codes = workspace.codes;
    double[] sums = workspace.packedSums;
    for (int i = 0; i < count; i += 4) {
      // Pads to four products with zero inputs.
      int last = count - 1 - i;
      Products.addFour(
          bias.length,
          sums,
          codes[input + i],
          rows[row + i],
          last < 1 ? 0 : codes[input + i + 1],
          rows[row + i + Math.min(1, last)],
          last < 2 ? 0 : codes[input + i + 2],
          rows[row + i + Math.min(2, last)],
          last < 3 ? 0 : codes[input + i + 3],
          rows[row + i + Math.min(3, last)]);
    }
  }

  @Override
  public void end(Workspace workspace, int output) {
    packing.unpack(workspace.packedSums, workspace.codes, output);
  }

  @Override
  public void finish(Workspace workspace, int output, int count) {
    stage.round(workspace.codes, output, count);
  }
}
