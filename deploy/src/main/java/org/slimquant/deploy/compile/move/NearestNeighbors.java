package org.slimquant.deploy.compile.move;

import static org.slimquant.deploy.compile.move.MovedOp.all;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;

/**
 * Writes a resize to the nearest neighbours as repeats of rows and columns, or as rows and columns
 * at equal distances.
 *
 * <pre>{@code
 * x [4, 4, 8] ─▶ ResizeNearestNeighbor [8, 8, 8] ─▶                                before
 * x ─▶ Reshape [4, 1, 4, 1, 8] ─▶ Tile [4, 2, 4, 2, 8] ─▶ Reshape [8, 8, 8] ─▶     after
 *
 * x [8, 8, 8] ─▶ ResizeNearestNeighbor [4, 4, 8] ─▶                                before
 * x ─▶ Slice, every second row and column ─▶                                       after
 * }</pre>
 *
 * <p><b>The same function:</b> the neighbour of each row is computed in float32, as TensorFlow
 * computes it. With a whole factor it is the row itself, {@code floor(o / factor)}, with and
 * without half-pixel centers. With aligned corners it is another row, so only sizes for which the
 * rows are regular are accepted.
 */
final class NearestNeighbors {

  private static final float HALF = 0.5f;

  private NearestNeighbors() {}

  static List<Node> of(MovedOp op) {
    List<Integer> from = op.shape(0);
    List<Integer> to = op.shape();
    MoveChain chain = Movements.chain(op, 0);
    List<Integer> repeats = new ArrayList<>(all(1, 2));
    for (int axis = 0; axis < 2; axis++) {
      int length = from.get(axis);
      int[] neighbours = neighbours(op, length, to.get(axis));
      int factor = Math.max(1, neighbours.length / length);
      int first = neighbours[0];
      int stride = neighbours.length == 1 ? 1 : neighbours[neighbours.length - 1] - first;
      int step = neighbours.length == 1 ? 1 : Math.max(1, stride / (neighbours.length - 1));
      if (isRegular(neighbours, 0, factor, 1) && neighbours.length == length * factor) {
        repeats.set(axis, factor);
      } else if (isRegular(neighbours, first, 1, step)) {
        chain.slice(axis, first, step, neighbours.length);
      } else {
        throw op.refused(
            "it resizes examples of shape %s to %s, which takes irregular rows or columns"
                .formatted(from, to),
            "resize by a whole factor, without align_corners");
      }
    }
    int rows = chain.shape().get(0);
    int columns = chain.shape().get(1);
    int channels = chain.shape().get(2);
    if (repeats.equals(all(1, 2))) {
      return chain.nodes();
    }
    return chain
        .reshape(List.of(rows, 1, columns, 1, channels))
        .tile(List.of(1, repeats.get(0), 1, repeats.get(1), 1))
        .reshape(List.of(rows * repeats.get(0), columns * repeats.get(1), channels))
        .nodes();
  }

  /** Returns whether each element is {@code first + o / factor * step}. */
  private static boolean isRegular(int[] neighbours, int first, int factor, int step) {
    return IntStream.range(0, neighbours.length)
        .allMatch(o -> neighbours[o] == first + o / factor * step);
  }

  /** Returns the row of the input for each row of the output, as TensorFlow computes it. */
  private static int[] neighbours(MovedOp op, int length, int outputs) {
    boolean corners = op.node().attributes().flag("align_corners");
    boolean centers = op.node().attributes().flag("half_pixel_centers");
    float scale =
        corners && outputs > 1 ? (length - 1) / (float) (outputs - 1) : length / (float) outputs;
    return IntStream.range(0, outputs)
        .map(
            o -> {
              float place = centers ? (o + HALF) * scale : o * scale;
              int row = corners ? Math.round(place) : (int) Math.floor(place);
              return Math.max(0, Math.min(length - 1, row));
            })
        .toArray();
  }
}
