package org.slimquant.model.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;

/**
 * A movement of codes as nested loops, which write the output in order. With the number of steps
 * and the stride of each loop, the outermost first,
 *
 * <pre>{@code
 * y[k] = x[first + i0 * stride0 + i1 * stride1 + …]     k = 0, 1, 2, … in the order of the loops
 *
 * Slice        a loop for each axis, with its stride
 * Transpose    the loops of the axes in another order
 * Tile         two loops for each axis: one over the repeats with stride 0, one over the elements
 * }</pre>
 *
 * <p>There are as few loops as possible: loops of one step are omitted, and two loops are one if
 * the outer goes on where the inner ends. So a part of a tensor that lies in one piece is one loop
 * with stride 1.
 *
 * @param first the place in the input of the first code
 * @param loops the loops, at least one
 */
public record StridedCopy(int first, List<Loop> loops) {

  /**
   * A loop.
   *
   * @param steps the number of its steps
   * @param stride the distance in the input from a step to the next
   */
  public record Loop(int steps, int stride) {}

  public StridedCopy {
    loops = List.copyOf(loops);
  }

  /** Returns the movement of a slice. */
  public static StridedCopy of(Slice slice) {
    List<Integer> strides = strides(slice.input().shape());
    int first = 0;
    List<Loop> loops = new ArrayList<>();
    for (int axis = 0; axis < strides.size(); axis++) {
      first += slice.begin().get(axis) * strides.get(axis);
      int steps = slice.output().shape().get(axis);
      // A stride of one step matters to no element, and may be larger than any tensor.
      loops.add(new Loop(steps, steps == 1 ? 0 : slice.stride().get(axis) * strides.get(axis)));
    }
    return merged(first, loops);
  }

  /** Returns the movement of a transpose. */
  public static StridedCopy of(Transpose transpose) {
    List<Integer> shape = transpose.input().shape();
    List<Integer> strides = strides(shape);
    return merged(
        0,
        transpose.permutation().stream()
            .map(axis -> new Loop(shape.get(axis), strides.get(axis)))
            .toList());
  }

  /** Returns the movement of a tile. */
  public static StridedCopy of(Tile tile) {
    List<Integer> shape = tile.input().shape();
    List<Integer> strides = strides(shape);
    List<Loop> loops = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      loops.add(new Loop(tile.repeats().get(axis), 0));
      loops.add(new Loop(shape.get(axis), strides.get(axis)));
    }
    return merged(0, loops);
  }

  /** Returns the distance between neighbours of each axis of a tensor. */
  private static List<Integer> strides(List<Integer> shape) {
    List<Integer> strides = new ArrayList<>();
    int stride = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      strides.add(stride);
      stride *= shape.get(axis);
    }
    Collections.reverse(strides);
    return strides;
  }

  private static StridedCopy merged(int first, List<Loop> loops) {
    List<Loop> merged = new ArrayList<>();
    for (Loop loop : loops) {
      int last = merged.size() - 1;
      if (loop.steps() == 1) {
        continue;
      }
      if (last >= 0 && merged.get(last).stride() == (long) loop.steps() * loop.stride()) {
        merged.set(last, new Loop(merged.get(last).steps() * loop.steps(), loop.stride()));
      } else {
        merged.add(loop);
      }
    }
    return new StridedCopy(first, merged.isEmpty() ? List.of(new Loop(1, 1)) : merged);
  }

  /** Returns the loops around the innermost one, the outermost first. */
  public List<Loop> outer() {
    return loops.subList(0, loops.size() - 1);
  }

  /** Returns the innermost loop. */
  public Loop inner() {
    return loops.get(loops.size() - 1);
  }

  /** Returns whether the innermost loop reads codes that lie in one piece. */
  public boolean isInPieces() {
    return inner().stride() == 1;
  }
}
