package org.slimquant.engine;

import java.util.Arrays;

/**
 * Runs a {@link Conv2D} whose image has more places than channels, and whose sums have 32 bits:
 * channel after channel, with all places of some rows at once.
 *
 * <p>The longer a loop is that HotSpot makes vector instructions of, the faster are its elements,
 * up to some hundred: it runs the first and the last by themselves. {@link ConvStep} loops over the
 * channels, which are few where places are many.
 *
 * <p>For each element of the kernel there is a line with the input codes that it meets:
 *
 * <pre>{@code
 * line[k][place] = x at element k of the window at this place        gather
 * sum[place]     = bias[c] + Σ w[k, c] * line[k][place]              add
 * }</pre>
 */
final class PlanarConvStep implements Step {

  // The lines of so many places are still in the cache when the next channel reads them.
  private static final int MANY_PLACES = 256;

  private final Window window;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int outputRows;
  private final int outputColumns;
  private final int input;
  private final int output;
  private final int rowsAtOnce;
  private final int[][] weights;
  private final int[] bias;
  private final OutputStage stage;

  PlanarConvStep(Conv2D conv, MemoryPlan memory) {
    window = conv.window();
    rows = conv.input().shape().get(0);
    columns = conv.input().shape().get(1);
    depth = conv.input().shape().get(2);
    outputRows = conv.output().shape().get(0);
    outputColumns = conv.output().shape().get(1);
    input = memory.offset(conv.input().name());
    output = memory.offset(conv.output().name());
    rowsAtOnce = rowsAtOnce(conv);
    weights = weights(conv.kernel().codes(), conv.channels());
    bias = conv.bias().toArray();
    stage = OutputStage.of(conv);
  }

  /** Whether a convolution is faster this way. */
  static boolean suits(Conv2D conv) {
    return Accumulator.fitsInt(conv) && places(conv) > conv.channels();
  }

  /** Returns the number of lines that a convolution needs. */
  static int lines(Conv2D conv) {
    return conv.kernel().codes().size() / conv.channels();
  }

  /** Returns the length of a convolution's lines. */
  static int places(Conv2D conv) {
    return rowsAtOnce(conv) * conv.output().shape().get(1);
  }

  private static int rowsAtOnce(Conv2D conv) {
    int most = Math.max(1, MANY_PLACES / conv.output().shape().get(1));
    return Math.min(most, conv.output().shape().get(0));
  }

  private static int[][] weights(Codes codes, int channels) {
    int[][] weights = new int[channels][codes.size() / channels];
    for (int i = 0; i < codes.size(); i++) {
      weights[i % channels][i / channels] = codes.get(i);
    }
    return weights;
  }

  @Override
  public void run(Workspace workspace) {
    for (int first = 0; first < outputRows; first += rowsAtOnce) {
      int end = Math.min(first + rowsAtOnce, outputRows);
      gather(workspace, first, end);
      int places = (end - first) * outputColumns;
      int pixel = output + first * outputColumns * bias.length;
      for (int channel = 0; channel < bias.length; channel++) {
        int[] sums = workspace.sums;
        Arrays.fill(sums, 0, places, bias[channel]);
        add(workspace, weights[channel], places);
        stage.roundChannel(sums, places, channel);
        scatter(sums, places, workspace.codes, pixel + channel);
      }
    }
  }

  /** Fills all lines for some rows of the output. */
  private void gather(Workspace workspace, int first, int end) {
    int line = 0;
    for (int i = 0; i < window.height(); i++) {
      for (int j = 0; j < window.width(); j++) {
        boolean shifts = j > 0 && window.strideAcross() == 1 && window.dilationAcross() == 1;
        for (int channel = 0; channel < depth; channel++, line++) {
          int[] codes = workspace.lines[line];
          int from = 0;
          if (shifts) {
            // What the element to the left meets one place to the right.
            int count = (end - first) * outputColumns;
            System.arraycopy(workspace.lines[line - depth], 1, codes, 0, count - 1);
            from = outputColumns - 1;
          }
          int place = 0;
          for (int row = first; row < end; row++) {
            int down = row * window.strideDown() - window.padding().top();
            gatherRow(
                workspace.codes, down + i * window.dilationDown(), j, channel, from, codes, place);
            place += outputColumns;
          }
        }
      }
    }
  }

  /** Fills the places of one row of the output from one column on. */
  private void gatherRow(
      int[] codes, int row, int element, int channel, int from, int[] line, int place) {
    int left = element * window.dilationAcross() - window.padding().left();
    for (int column = from; column < outputColumns; column++) {
      int across = left + column * window.strideAcross();
      boolean inside = row >= 0 && row < rows && across >= 0 && across < columns;
      line[place + column] = inside ? codes[input + (row * columns + across) * depth + channel] : 0;
    }
  }

  private static void add(Workspace workspace, int[] weights, int places) {
    int[][] lines = workspace.lines;
    for (int k = 0; k < weights.length; k += 4) {
      int last = weights.length - 1;
      Products.addFour(
          places,
          workspace.sums,
          weights[k],
          lines[k],
          k + 1 > last ? 0 : weights[k + 1],
          lines[Math.min(k + 1, last)],
          k + 2 > last ? 0 : weights[k + 2],
          lines[Math.min(k + 2, last)],
          k + 3 > last ? 0 : weights[k + 3],
          lines[Math.min(k + 3, last)]);
    }
  }

  private void scatter(int[] sums, int places, int[] codes, int first) {
    int channels = bias.length;
    for (int place = 0; place < places; place++) {
      codes[first + place * channels] = sums[place];
    }
  }
}
