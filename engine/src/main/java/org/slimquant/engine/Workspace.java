package org.slimquant.engine;

import java.util.ArrayDeque;
import org.slimquant.model.MemoryPlan;

/** The memory that one run needs, for one example at a time. */
final class Workspace {

  /** For how many channels sums become codes at the same time. */
  static final int ROUNDED = 4;

  /** All tensors, as {@link MemoryPlan} has placed them. */
  final int[] codes;

  /** Sums of 32 bits, one for each output channel of an op. */
  final int[] sums;

  /** Sums that become codes, for some channels a line with one for each place of a tile. */
  final int[][] rounded;

  /** Sums of one or two output channels, for all of an op: see {@link ChannelPacking}. */
  final double[] packedSums;

  /** An input for each output channel of an op. */
  final int[] inputs;

  /** Sums of 64 bits, one for each output channel of an op. */
  final long[] wideSums;

  /** Sums of one or two output channels, a line for each, with one for each place of a tile. */
  final double[][] planeSums;

  /** Input codes, a line for each element of some kernels, with one for each place of a tile. */
  final double[][] lines;

  /** The largest codes of some rows of an image. */
  final int[] rows;

  /** The largest codes of some columns of {@link #rows}: a row of the output. */
  final int[] largest;

  /** What {@link #rows} or {@link #largest} is compared with next. */
  final int[] next;

  private Workspace(WorkspaceSize size) {
    codes = new int[size.codes()];
    sums = new int[size.channels()];
    rounded = new int[ROUNDED][size.places()];
    packedSums = new double[size.channels()];
    inputs = new int[size.channels()];
    wideSums = new long[size.channels()];
    planeSums = new double[size.groups()][size.places()];
    rows = new int[size.row()];
    largest = new int[size.row()];
    next = new int[size.row()];
    lines = new double[size.lines()][size.places()];
  }

  /**
   * The workspaces of an engine, as many as it ever had runs at the same time.
   *
   * <p>Not one for each thread, which would stay as long as the thread does, and be of no use to a
   * pool whose threads take turns.
   */
  static final class Pool {

    private final WorkspaceSize size;
    private final ArrayDeque<Workspace> idle = new ArrayDeque<>();

    Pool(WorkspaceSize size) {
      this.size = size;
    }

    Workspace take() {
      synchronized (idle) {
        Workspace workspace = idle.pollLast();
        if (workspace != null) {
          return workspace;
        }
      }
      return new Workspace(size);
    }

    void giveBack(Workspace workspace) {
      synchronized (idle) {
        idle.addLast(workspace);
      }
    }
  }
}
