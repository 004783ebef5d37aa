package org.slimquant.engine;

import java.util.ArrayDeque;
import java.util.Arrays;

/** The memory that one run needs, for one example at a time. */
final class Workspace {

  /** All tensors, as {@link MemoryPlan} has placed them. */
  final int[] codes;

  /** Sums of 32 bits, one for each output channel of an op, or for each place of some rows. */
  final int[] sums;

  /** An input for each output channel of an op. */
  final int[] inputs;

  /** Sums of 64 bits, one for each output channel of an op. */
  final long[] wideSums;

  /** Input codes, a line for each element of a kernel, with one for each place of some rows. */
  final int[][] lines;

  private Workspace(int codes, int channels, int[] lineLengths) {
    this.codes = new int[codes];
    // The first line is the longest, as every convolution that has lines has the first.
    this.sums = new int[lineLengths.length == 0 ? channels : Math.max(channels, lineLengths[0])];
    this.lines = new int[lineLengths.length][];
    Arrays.setAll(lines, line -> new int[lineLengths[line]]);
    this.inputs = new int[channels];
    this.wideSums = new long[channels];
  }

  /**
   * The workspaces of an engine, as many as it ever had runs at the same time.
   *
   * <p>Not one for each thread, which would stay as long as the thread does, and be of no use to a
   * pool whose threads take turns.
   */
  static final class Pool {

    private final int codes;
    private final int channels;
    private final int[] lineLengths;
    private final ArrayDeque<Workspace> idle = new ArrayDeque<>();

    Pool(int codes, int channels, int[] lineLengths) {
      this.codes = codes;
      this.channels = channels;
      this.lineLengths = lineLengths;
    }

    Workspace take() {
      synchronized (idle) {
        Workspace workspace = idle.pollLast();
        if (workspace != null) {
          return workspace;
        }
      }
      return new Workspace(codes, channels, lineLengths);
    }

    void giveBack(Workspace workspace) {
      synchronized (idle) {
        idle.addLast(workspace);
      }
    }
  }
}
