package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.engine.PlanarLayout.Tile;
import org.slimquant.model.Conv2D;
import org.slimquant.model.MemoryPlan;

/**
 * Runs a {@link Conv2D} whose output has more pixels, within a tile, than channels, and whose sums
 * have 32 bits. It computes all pixels of a tile at once, for two channels at a time.
 *
 * <p>HotSpot runs the first and the last elements of a vectorized loop by themselves, so the cost
 * of an element falls as the loop gets longer, up to some hundred elements. {@link ConvStep} loops
 * over the channels, which are few if there are many pixels.
 *
 * <pre>{@code
 * patch[k][pixel]      = x at element k of the window at this pixel          Im2Col
 * sum[c, c+1]          = bias[c, c+1] + Σ w[k, c, c+1] * patch[k][pixel]     add
 * y[pixel, c ... c+3]  = their codes                                         put
 * }</pre>
 *
 * <p>A patch has only a few input channels, so the patches stay in the cache while all output
 * channels read them: see {@link PlanarLayout}. {@link ChannelPacking} explains why sums are
 * doubles.
 */
final class PlanarConvStep implements Step {

  // Their patches take 8 megabytes. More would be a surprising amount for a run.
  private static final int MOST_ELEMENTS = 4096;

  private final Im2Col im2col;
  private final Block[] blocks;
  private final Tile[] tiles;
  private final double[] bias;
  private final ChannelPacking packing;
  private final OutputStage stage;
  private final int output;
  private final int outputColumns;
  private final int channels;
  private final Scratch scratch;

  PlanarConvStep(Conv2D conv, MemoryPlan memory) {
    PlanarLayout layout = PlanarLayout.of(conv);
    im2col = new Im2Col(conv, memory);
    packing = ChannelPacking.of(conv);
    tiles = layout.tiles(conv.output()).toArray(Tile[]::new);
    bias = packing.pack(conv.bias(), 0);
    int depth = conv.input().shape().get(2);
    blocks = new Block[(depth + layout.depth() - 1) / layout.depth()];
    for (int i = 0; i < blocks.length; i++) {
      int channel = i * layout.depth();
      int count = Math.min(layout.depth(), depth - channel);
      blocks[i] = new Block(conv, packing, channel, count, layout.patch(count));
    }
    stage = OutputStage.of(conv);
    output = memory.offset(conv.output().name());
    outputColumns = conv.output().shape().get(1);
    channels = conv.channels();
    scratch = Scratch.ofTile(packing.groups(), layout.patch(), layout.pixels());
  }

  /** Returns whether a convolution is faster with this step. */
  static boolean suits(Conv2D conv) {
    PlanarLayout layout = PlanarLayout.of(conv);
    return Accumulator.fitsInt(conv)
        && layout.pixels() > conv.channels()
        && layout.elements() <= MOST_ELEMENTS;
  }

  @Override
  public Scratch scratch() {
    return scratch;
  }

  @Override
  public void run(Workspace workspace) {
    for (Tile tile : tiles) {
      for (int group = 0; group < bias.length; group++) {
        Arrays.fill(workspace.planeSums[group], 0, tile.pixels(), bias[group]);
      }
      for (Block block : blocks) {
        im2col.fill(workspace, tile, block.channel, block.count);
        for (int group = 0; group < bias.length; group++) {
          add(tile.pixels(), workspace.planeSums[group], block.weights[group], workspace.patches);
        }
      }
      for (int channel = 0; channel < channels; channel += Workspace.ROUNDED) {
        put(workspace, tile, channel, Math.min(Workspace.ROUNDED, channels - channel));
      }
    }
  }

  private static void add(int pixels, double[] sums, double[] weights, double[][] patches) {
    for (int k = 0; k < weights.length; k += 4) {
      Products.addFour(
          pixels,
          sums,
          weights[k],
          patches[k],
          weights[k + 1],
          patches[k + 1],
          weights[k + 2],
          patches[k + 2],
          weights[k + 3],
          patches[k + 3]);
    }
  }

  /** Writes the codes of some channels together, because they are in the same cache lines. */
  private void put(Workspace workspace, Tile tile, int channel, int count) {
    int[][] rounded = workspace.rounded;
    packing.unpack(workspace.planeSums, channel, count, tile.pixels(), rounded);
    for (int i = 0; i < count; i++) {
      stage.roundChannel(rounded[i], tile.pixels(), channel + i);
    }
    int[] codes = workspace.codes;
    int columns = tile.columns();
    int from = output + tile.column() * channels + channel;
    for (int row = tile.row(); row < tile.endRow(); row++) {
      int to = from + row * outputColumns * channels;
      int pixel = (row - tile.row()) * columns;
      if (count == Workspace.ROUNDED) {
        scatterFour(
            rounded[0], rounded[1], rounded[2], rounded[3], pixel, columns, codes, to, channels);
      } else {
        for (int i = 0; i < count; i++) {
          scatter(rounded[i], pixel, columns, codes, to + i, channels);
        }
      }
    }
  }

  private static void scatter(
      int[] rounded, int pixel, int count, int[] codes, int first, int channels) {
    for (int i = 0, to = first; i < count; i++, to += channels) {
      codes[to] = rounded[pixel + i];
    }
  }

  private static void scatterFour(
      int[] rounded0,
      int[] rounded1,
      int[] rounded2,
      int[] rounded3,
      int pixel,
      int count,
      int[] codes,
      int first,
      int channels) {
    for (int i = 0, to = first; i < count; i++, to += channels) {
      codes[to] = rounded0[pixel + i];
      codes[to + 1] = rounded1[pixel + i];
      codes[to + 2] = rounded2[pixel + i];
      codes[to + 3] = rounded3[pixel + i];
    }
  }

  /** The weights of some input channels. */
  private static final class Block {

    /** The first of the channels, and their number. */
    final int channel;

    final int count;

    /**
     * The weights of each group of output channels: one for each element of a patch, and zeros up
     * to a multiple of four.
     */
    final double[][] weights;

    Block(Conv2D conv, ChannelPacking packing, int channel, int count, int patch) {
      this.channel = channel;
      this.count = count;
      weights = new double[packing.groups()][patch];
      int depth = conv.input().shape().get(2);
      int rows = conv.kernel().codes().size() / conv.channels();
      for (int group = 0; group < weights.length; group++) {
        int element = 0;
        for (int row = channel; row < rows; row += depth) {
          for (int next = row; next < row + count; next++, element++) {
            weights[group][element] =
                packing.pack(conv.kernel().codes(), next * conv.channels(), group);
          }
        }
      }
    }
  }
}
