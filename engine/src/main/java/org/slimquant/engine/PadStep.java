package org.slimquant.engine;

import java.util.Arrays;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Pad;

/** Runs a {@link Pad}. */
final class PadStep implements Step {

  private final int input;
  private final int output;
  private final int size;
  private final int code;
  private final int rowLength;
  private final int[] rows;

  PadStep(Pad pad, MemoryPlan memory) {
    input = memory.offset(pad.input().name());
    output = memory.offset(pad.output().name());
    size = pad.output().size();
    code = pad.code();
    int rank = pad.input().rank();
    rowLength = rank == 0 ? 1 : pad.input().shape().get(rank - 1);
    rows = new int[pad.input().size() / rowLength];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = place(pad, row * rowLength);
    }
  }

  /** Returns the index in the output of an element of the input. */
  private static int place(Pad pad, int element) {
    int place = 0;
    int stride = 1;
    int rest = element;
    for (int axis = pad.input().rank() - 1; axis >= 0; axis--) {
      int length = pad.input().shape().get(axis);
      place += (pad.before().get(axis) + rest % length) * stride;
      stride *= pad.output().shape().get(axis);
      rest /= length;
    }
    return place;
  }

  @Override
  public void run(Workspace workspace) {
    int[] codes = workspace.codes;
    Arrays.fill(codes, output, output + size, code);
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(codes, input + row * rowLength, codes, output + rows[row], rowLength);
    }
  }
}
