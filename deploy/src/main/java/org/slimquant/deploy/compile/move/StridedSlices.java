package org.slimquant.deploy.compile.move;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;

/**
 * Writes a StridedSlice, {@code x[begin:end:stride, index, ..., newaxis]}, as a slice and a
 * reshape. The masks, of one bit for each place of this list, say what it is: a range without a
 * begin or an end, an index, whose axis the output does not have, all axes that the list leaves out
 * (the ellipsis), or a new axis.
 */
final class StridedSlices {

  private final MovedOp op;
  private final List<Integer> shape;
  private final List<Integer> begins;
  private final List<Integer> ends;
  private final List<Integer> strides;

  private final List<Integer> begin = new ArrayList<>();
  private final List<Integer> stride = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final List<Integer> result = new ArrayList<>();
  // The axis that is next, the batch counted.
  private int axis;

  private StridedSlices(MovedOp op) {
    this.op = op;
    shape = op.shape(0);
    begins = op.integers(1, "begin");
    ends = op.integers(2, "end");
    strides = op.integers(3, "strides");
  }

  static List<Node> of(MovedOp op) {
    return new StridedSlices(op).nodes();
  }

  private List<Node> nodes() {
    int ellipses = 0;
    int news = 0;
    for (int place = 0; place < begins.size(); place++) {
      if (has("ellipsis_mask", place)) {
        ellipses++;
      } else if (has("new_axis_mask", place)) {
        news++;
      }
    }
    int axes = shape.size() + 1;
    int left = axes - (begins.size() - ellipses - news);
    for (int place = 0; place < begins.size(); place++) {
      if (has("ellipsis_mask", place)) {
        whole(left);
      } else if (has("new_axis_mask", place)) {
        if (axis == 0) {
          throw op.batch("it puts an axis before it");
        }
        result.add(1);
      } else if (axis == 0) {
        requireBatch(place);
      } else {
        take(place, shape.get(axis - 1));
      }
    }
    whole(axes - axis);
    return Movements.chain(op, 0).slice(begin, stride, lengths).reshape(result).nodes();
  }

  private boolean has(String mask, int place) {
    return ((op.attribute(mask) >> place) & 1) == 1;
  }

  /** Takes all elements of the next axes. */
  private void whole(int count) {
    for (int i = 0; i < count; i++) {
      if (axis > 0) {
        add(0, 1, shape.get(axis - 1));
        result.add(shape.get(axis - 1));
      }
      axis++;
    }
  }

  private void requireBatch(int place) {
    boolean fromFirst = has("begin_mask", place) || begins.get(place) == 0;
    boolean toLast = has("end_mask", place) || ends.get(place) == Integer.MAX_VALUE;
    if (has("shrink_axis_mask", place) || !fromFirst || !toLast || strides.get(place) != 1) {
      throw op.batch("it takes some of them; a range without begin and end takes all");
    }
    axis++;
  }

  private void take(int place, int length) {
    int step = strides.get(place);
    if (has("shrink_axis_mask", place)) {
      add(Math.floorMod(begins.get(place), length), 1, 1);
    } else {
      int first =
          has("begin_mask", place)
              ? (step > 0 ? 0 : length - 1)
              : clamped(begins.get(place), length, step);
      int end =
          has("end_mask", place)
              ? (step > 0 ? length : -1)
              : clamped(ends.get(place), length, step);
      int count = Math.floorDiv(end - first + step - Integer.signum(step), step);
      if (count <= 0) {
        throw op.refused("it takes no element", "let it take one or more");
      }
      add(first, step, count);
      result.add(count);
    }
    axis++;
  }

  /** Returns an index within an axis, or the one before or after all. */
  private static int clamped(int index, int length, int step) {
    int positive = index < 0 ? index + length : index;
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? length : length - 1;
    return Math.max(lowest, Math.min(highest, positive));
  }

  private void add(int first, int step, int count) {
    begin.add(first);
    stride.add(step);
    lengths.add(count);
  }
}
