package org.slimquant.model.analysis;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.BinaryOp;

/**
 * The loops in which an op reads the elements of two tensors: one for each axis, the last of them
 * innermost. Neighbouring axes over which both tensors are read in one sweep are one loop, so an op
 * of tensors of one shape has one loop.
 *
 * <pre>{@code
 * x [4, 5, 8], z [1, 1, 8]          20 x 8 elements, steps of x 8 and 1, steps of z 0 and 1
 * }</pre>
 *
 * @param loops one loop or more
 */
public record Broadcast(List<Loop> loops) {

  /**
   * A loop.
   *
   * @param length the number of its rounds
   * @param left the elements of the left tensor from one round to the next; 0 if it is broadcast
   * @param right the elements of the right tensor from one round to the next; 0 if it is broadcast
   */
  public record Loop(int length, int left, int right) {

    private boolean continues(Loop inner) {
      return left == inner.left * inner.length && right == inner.right * inner.length;
    }
  }

  /** Creates loops. */
  public Broadcast {
    loops = List.copyOf(loops);
  }

  /** Returns the loops of an op. */
  public static Broadcast of(BinaryOp op) {
    List<Loop> loops = new ArrayList<>();
    int leftSize = 1;
    int rightSize = 1;
    for (int axis = op.output().rank() - 1; axis >= 0; axis--) {
      int left = op.left().shape().get(axis);
      int right = op.right().shape().get(axis);
      Loop loop =
          new Loop(Math.max(left, right), left == 1 ? 0 : leftSize, right == 1 ? 0 : rightSize);
      leftSize *= left;
      rightSize *= right;
      if (loop.length == 1) {
        continue;
      }
      if (!loops.isEmpty() && loop.continues(loops.get(0))) {
        Loop inner = loops.get(0);
        loops.set(0, new Loop(loop.length * inner.length, inner.left, inner.right));
      } else {
        loops.add(0, loop);
      }
    }
    return new Broadcast(loops.isEmpty() ? List.of(new Loop(1, 1, 1)) : loops);
  }

  /** Returns the innermost loop. */
  public Loop inner() {
    return loops.get(loops.size() - 1);
  }

  /** Returns the loops around the innermost loop, the outermost first. */
  public List<Loop> outer() {
    return loops.subList(0, loops.size() - 1);
  }
}
