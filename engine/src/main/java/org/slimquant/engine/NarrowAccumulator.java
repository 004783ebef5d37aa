package org.slimquant.engine;

/**
 * Sums of 32 bits.
 *
 * <p>The loops over the channels are those in which an engine spends its time. HotSpot makes vector
 * instructions of them, four to sixteen channels at once, as long as it sees that no element that
 * is written is read as another: hence an array for each row of weights, so that all arrays have
 * the same index. With one array for the whole kernel, {@code sums[c] += x * weights[first + c]}
 * takes three to five times as long. Four inputs at once are the most for which it still does so.
 */
final class NarrowAccumulator implements Accumulator {

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
  public void add(Workspace workspace, int input, int count, int row) {
    int[] codes = workspace.codes;
    int[] sums = workspace.sums;
    for (int i = 0; i < count; i += 4) {
      // What is missing to four is 0 times any row.
      int last = count - 1 - i;
      addFour(
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

  /** Adds four inputs at once, so that each sum is loaded and stored once for them. */
  private static void addFour(
      int channels,
      int[] sums,
      int x0,
      int[] row0,
      int x1,
      int[] row1,
      int x2,
      int[] row2,
      int x3,
      int[] row3) {
    for (int channel = 0; channel < channels; channel++) {
      sums[channel] +=
          x0 * row0[channel] + x1 * row1[channel] + x2 * row2[channel] + x3 * row3[channel];
    }
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
