package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.engine.PlanarLayout.Tile;
import org.slimquant.model.Conv2D;
import org.slimquant.model.MemoryPlan;

/**
 * Runs a {@link Conv2D} whose output has more places, within a tile, than channels, and whose sums
 * have 32 bits: with all places of a tile at once, for two channels after another.
 *
 * <p>The longer a loop is that HotSpot makes vector instructions of, the faster are its elements,
 * up to some hundred: it runs the first and the last by themselves. {@link ConvStep} loops over the
 * channels, which are few where places are many.
 *
 * <pre>{@code
 * line[k][place]   = x at element k of the window at this place           PlaneLines
 * sum[c, c+1]      = bias[c, c+1] + Σ w[k, c, c+1] * line[k][place]       add
 * y[place, c ... c+3] = their codes                                      put
 * }</pre>
 *
 * <p>The lines are those of a few input channels only, so that they stay in the cache while all
 * output channels read them: see {@link PlanarLayout}. Why sums are doubles: see {@link
 * ChannelPacking}.
 */
final class PlanarConvStep implements Step {

  // Their lines take 8 megabytes, which nobody expects of the memory of a run.
  private static final int MOST_ELEMENTS = 4096;

  private final PlaneLines lines;
  private final Block[] blocks;
  private final Tile[] tiles;
  private final double[] bias;
  private final ChannelPacking packing;
  private final OutputStage stage;
  private final int output;
  private final int outputColumns;
  private final int channels;

  PlanarConvStep(Conv2D conv, MemoryPlan memory) {
    PlanarLayout layout = PlanarLayout.of(conv);
    lines = new PlaneLines(conv, memory);
    packing = ChannelPacking.of(conv);
    tiles = layout.tiles(conv.output()).toArray(Tile[]::new);
    bias = packing.pack(conv.bias(), 0);
    int depth = conv.input().shape().get(2);
    blocks = new Block[(depth + layout.depth() - 1) / layout.depth()];
    for (int i = 0; i < blocks.length; i++) {
      int channel = i * layout.depth();
      int count = Math.min(layout.depth(), depth - channel);
      blocks[i] = new Block(conv, packing, channel, count, layout.lines(count));
    }
    stage = OutputStage.of(conv);
    output = memory.offset(conv.output().name());
    outputColumns = conv.output().shape().get(1);
    channels = conv.channels();
  }

  /** Whether a convolution is faster this way. */
  static boolean suits(Conv2D conv) {
    PlanarLayout layout = PlanarLayout.of(conv);
    return Accumulator.fitsInt(conv)
        && layout.places() > conv.channels()
        && layout.elements() <= MOST_ELEMENTS;
  }

  @Override
  public void run(Workspace workspace) {
    for (Tile tile : tiles) {
      for (int group = 0; group < bias.length; group++) {
        Arrays.fill(workspace.planeSums[group], 0, tile.places(), bias[group]);
      }
      for (Block block : blocks) {
        lines.gather(workspace, tile, block.channel, block.count);
        for (int group = 0; group < bias.length; group++) {
          add(tile.places(), workspace.planeSums[group], block.weights[group], workspace.lines);
        }
      }
      for (int channel = 0; channel < channels; channel += Workspace.ROUNDED) {
        put(workspace, tile, channel, Math.min(Workspace.ROUNDED, channels - channel));
      }
    }
  }

  private static void add(int places, double[] sums, double[] weights, double[][] lines) {
    for (int k = 0; k < weights.length; k += 4) {
      Products.addFour(
          places,
          sums,
          weights[k],
          lines[k],
          weights[k + 1],
          lines[k + 1],
          weights[k + 2],
          lines[k + 2],
          weights[k + 3],
          lines[k + 3]);
    }
  }

  /** Puts away the codes of some channels, which are in the same lines of the cache. */
  private void put(Workspace workspace, Tile tile, int channel, int count) {
    int[][] rounded = workspace.rounded;
    packing.unpack(workspace.planeSums, channel, count, tile.places(), rounded);
    for (int i = 0; i < count; i++) {
      stage.roundChannel(rounded[i], tile.places(), channel + i);
    }
    int[] codes = workspace.codes;
    int columns = tile.columns();
    int from = output + tile.column() * channels + channel;
    for (int row = tile.row(); row < tile.endRow(); row++) {
      int pixel = from + row * outputColumns * channels;
      int place = (row - tile.row()) * columns;
      if (count == Workspace.ROUNDED) {
        scatterFour(
            rounded[0], rounded[1], rounded[2], rounded[3], place, columns, codes, pixel, channels);
      } else {
        for (int i = 0; i < count; i++) {
          scatter(rounded[i], place, columns, codes, pixel + i, channels);
        }
      }
    }
  }

  private static void scatter(
      int[] line, int place, int count, int[] codes, int pixel, int channels) {
    for (int i = 0, to = pixel; i < count; i++, to += channels) {
      codes[to] = line[place + i];
    }
  }

  private static void scatterFour(
      int[] line0,
      int[] line1,
      int[] line2,
      int[] line3,
      int place,
      int count,
      int[] codes,
      int pixel,
      int channels) {
    for (int i = 0, to = pixel; i < count; i++, to += channels) {
      codes[to] = line0[place + i];
      codes[to + 1] = line1[place + i];
      codes[to + 2] = line2[place + i];
      codes[to + 3] = line3[place + i];
    }
  }

  /** The weights of some input channels. */
  private static final class Block {

    /** The first of the channels, and how many they are. */
    final int channel;

    final int count;

    /** For each group of output channels a weight for each line, and 0 for what fills up fours. */
    final double[][] weights;

    Block(Conv2D conv, ChannelPacking packing, int channel, int count, int lines) {
      this.channel = channel;
      this.count = count;
      weights = new double[packing.groups()][lines];
      int depth = conv.input().shape().get(2);
      int rows = conv.kernel().codes().size() / conv.channels();
      for (int group = 0; group < weights.length; group++) {
        int line = 0;
        for (int row = channel; row < rows; row += depth) {
          for (int next = row; next < row + count; next++, line++) {
            weights[group][line] =
                packing.pack(conv.kernel().codes(), next * conv.channels(), group);
          }
        }
      }
    }
  }
}
