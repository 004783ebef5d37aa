package org.slimquant.engine;

import java.util.ArrayDeque;
import org.slimquant.model.MemoryPlan;

/** The memory that one run needs, for one example at a time. */
final class Workspace {

  /** The number of channels whose sums are rounded together. */
  static final int ROUNDED = 4;

  /** All tensors, at the places of the {@link MemoryPlan}. */
  final int[] codes;

  /** Sums of 32 bits, one for each output channel of an op. */
  final int[] sums;

  /**
   * Sums that become codes: a row for each of some channels, with one sum for each pixel of a tile.
   */
  final int[][] rounded;

  /**
   * Sums of one or two output channels in each double, for all channels of an op: see {@link
   * ChannelPacking}.
   */
  final double[] packedSums;

  /** An input for each output channel of an op. */
  final int[] inputs;

  /** Sums of 64 bits, one for each output channel of an op. */
  final long[] wideSums;

  /**
   * Sums of one or two output channels in each double: a row for each group, with one double for
   * each pixel of a tile.
   */
  final double[][] planeSums;

  /** Patches: a row for each element of a patch, with its code for each pixel of a tile. */
  final double[][] patches;

  /** The largest codes of some rows of an image. */
  final int[] rows;

  /** The largest codes of some columns of {@link #rows}: a row of the output. */
  final int[] largest;

  /** The codes with which {@link #rows} or {@link #largest} is compared next. */
  final int[] next;

  private Workspace(int size, Scratch scratch) {
    codes = new int[size];
    sums = new int[scratch.channels()];
    rounded = new int[ROUNDED][scratch.pixels()];
    packedSums = new double[scratch.channels()];
    inputs = new int[scratch.channels()];
    wideSums = new long[scratch.channels()];
    planeSums = new double[scratch.groups()][scratch.pixels()];
    patches = new double[scratch.patch()][scratch.pixels()];
    rows = new int[scratch.row()];
    largest = new int[scratch.row()];
    next = new int[scratch.row()];
  }

  /**
   * The workspaces of an engine. There are as many as the engine ever had runs at the same time.
   *
   * <p>A workspace for each thread would live as long as the thread, and would be useless in a
   * thread pool whose threads take turns.
   */
  static final class Pool {

    private final int size;
    private final Scratch scratch;
    private final ArrayDeque<Workspace> idle = new ArrayDeque<>();

    /**
     * Creates a pool.
     *
     * @param size the codes of all tensors
     * @param scratch the scratch memory that is enough for each step
     */
    Pool(int size, Scratch scratch) {
      this.size = size;
      this.scratch = scratch;
    }

    Workspace take() {
      synchronized (idle) {
        Workspace workspace = idle.pollLast();
        if (workspace != null) {
          return workspace;
        }
      }
      return new Workspace(size, scratch);
    }

    void giveBack(Workspace workspace) {
      synchronized (idle) {
        idle.addLast(workspace);
      }
    }
  }
}
