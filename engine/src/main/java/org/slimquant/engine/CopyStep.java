package org.slimquant.engine;

import java.util.List;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.analysis.StridedCopy;

/** Runs an op that copies codes to other places. */
final class CopyStep implements Step {

  private final int input;
  private final int output;
  private final int[] steps;
  private final int[] strides;

  /**
   * Creates a step.
   *
   * @param op an op with one input
   * @param copy the movement of its codes
   */
  CopyStep(IntegerOp op, StridedCopy copy, MemoryPlan memory) {
    List<IntegerTensor> inputs = op.inputs();
    input = memory.offset(inputs.get(0).name()) + copy.first();
    output = memory.offset(op.output().name());
    steps = copy.loops().stream().mapToInt(StridedCopy.Loop::steps).toArray();
    strides = copy.loops().stream().mapToInt(StridedCopy.Loop::stride).toArray();
  }

  @Override
  public void run(Workspace workspace) {
    copy(workspace.codes, 0, input, output);
  }

  /** Runs a loop and all loops in it, and returns the place after the last code that it wrote. */
  private int copy(int[] codes, int loop, int from, int to) {
    int count = steps[loop];
    int stride = strides[loop];
    int next = to;
    if (loop < steps.length - 1) {
      for (int step = 0; step < count; step++) {
        next = copy(codes, loop + 1, from + step * stride, next);
      }
      return next;
    }
    if (stride == 1) {
      System.arraycopy(codes, from, codes, to, count);
    } else {
      for (int step = 0; step < count; step++) {
        codes[to + step] = codes[from + step * stride];
      }
    }
    return to + count;
  }
}
