package org.slimquant.deploy.compile.move;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;

/**
 * The nodes that move elements as an op of TensorFlow does.
 *
 * <pre>{@code
 * x ─▶ StridedSlice ─▶                  x ─▶ Slice ─▶ Reshape ─▶
 * x ─▶ Split ─┬─▶                       x ─┬─▶ Slice ─▶
 *             └─▶                          └─▶ Slice ─▶
 * x ─▶ Unpack, k-th output ─▶           x ─▶ Slice ─▶ Reshape ─▶
 * x, y ─▶ Pack ─▶                       x, y ─▶ Reshape each ─▶ ConcatV2 ─▶
 * x ─▶ DepthToSpace ─▶                  x ─▶ Reshape ─▶ Transpose ─▶ Reshape ─▶
 * x ─▶ ResizeNearestNeighbor ─▶         x ─▶ Reshape ─▶ Tile ─▶ Reshape ─▶
 * x ─▶ ReverseV2 ─▶                     x ─▶ Slice with strides of -1 ─▶
 * x ─▶ BroadcastTo ─▶                   x ─▶ Tile ─▶
 * x ─▶ MirrorPad ─▶                     x ─┬─▶ Slice, in reverse ─┐
 *                                          ├──────────────────────┼─▶ ConcatV2 ─▶
 *                                          └─▶ Slice, in reverse ─┘
 * }</pre>
 *
 * <p>The batch stays as it is. An op that moves examples of a batch is refused.
 */
public final class Movements {

  private Movements() {}

  /**
   * Returns nodes that compute all outputs of an op, which have the ids by which other nodes read
   * them.
   *
   * @throws org.slimquant.deploy.compile.graph.RefusedException if integers cannot move elements in
   *     this way
   */
  public static List<Node> of(OpGraph graph, Node node) {
    MovedOp op = new MovedOp(graph, node);
    return switch (node.kind()) {
      case SLICE -> Slices.slice(op);
      case STRIDED_SLICE -> StridedSlices.of(op);
      case SPLIT -> Slices.split(op);
      case SPLIT_V -> Slices.splitInSizes(op);
      case UNPACK -> Slices.unpack(op);
      case PACK -> pack(op);
      case TRANSPOSE -> transpose(op);
      case TILE -> tile(op);
      case BROADCAST_TO -> broadcast(op);
      case REVERSE_V2 -> Slices.reverse(op);
      case DEPTH_TO_SPACE -> depthToSpace(op);
      case SPACE_TO_DEPTH -> spaceToDepth(op);
      case RESIZE_NEAREST_NEIGHBOR -> NearestNeighbors.of(op);
      case MIRROR_PAD -> MirrorPads.of(op);
      default -> throw new AssertionError(node);
    };
  }

  /** Returns the chain that computes the first output of an op from one of its inputs. */
  static MoveChain chain(MovedOp op, int input) {
    Node node = op.node();
    return new MoveChain(node, node.id(), node.inputs().get(input), op.shape(input));
  }

  private static List<Node> pack(MovedOp op) {
    Node node = op.node();
    List<Integer> shape = op.shape(0);
    int count = node.inputs().size();
    int axis = op.axis(op.attribute("axis"), shape.size() + 1);
    List<Integer> one = new ArrayList<>(shape);
    one.add(axis, 1);
    List<Node> nodes = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    for (int input = 0; input < count; input++) {
      MoveChain part =
          new MoveChain(
                  node,
                  "%s'%d".formatted(node.id(), input),
                  node.inputs().get(input),
                  op.shape(input))
              .reshape(one);
      nodes.addAll(part.nodes());
      parts.add("%s'%d".formatted(node.id(), input));
    }
    MoveChain joined = chain(op, 0).concat(parts, axis, MoveChain.with(one, axis, count));
    nodes.addAll(joined.nodes());
    return nodes;
  }

  private static List<Node> transpose(MovedOp op) {
    int rank = op.shape(0).size();
    List<Integer> permutation =
        op.integers(1, "permutation").stream().map(axis -> Math.floorMod(axis, rank + 1)).toList();
    if (permutation.get(0) != 0) {
      throw op.batch("it transposes axes to %s".formatted(permutation));
    }
    return chain(op, 0)
        .transpose(permutation.subList(1, rank + 1).stream().map(axis -> axis - 1).toList())
        .nodes();
  }

  private static List<Node> tile(MovedOp op) {
    List<Integer> repeats = op.integers(1, "repeats");
    if (repeats.get(0) != 1) {
      throw op.batch("it repeats it %d times".formatted(repeats.get(0)));
    }
    return chain(op, 0).tile(repeats.subList(1, repeats.size())).nodes();
  }

  private static List<Node> broadcast(MovedOp op) {
    List<Integer> from = op.shape(0);
    List<Integer> to = op.shape();
    if (from.size() != to.size()) {
      throw op.batch("it broadcasts examples of shape %s to %s".formatted(from, to));
    }
    return chain(op, 0)
        .tile(
            IntStream.range(0, to.size()).mapToObj(axis -> to.get(axis) / from.get(axis)).toList())
        .nodes();
  }

  private static List<Node> depthToSpace(MovedOp op) {
    op.requireChannelsLast();
    int block = op.attribute("block_size");
    MoveChain chain = chain(op, 0);
    return blocksToSpace(chain, block, block).nodes();
  }

  /**
   * Writes blocks of channels as pixels: {@code [rows, columns, height * width * channels]} becomes
   * {@code [rows * height, columns * width, channels]}.
   */
  static MoveChain blocksToSpace(MoveChain chain, int height, int width) {
    int rows = chain.shape().get(0);
    int columns = chain.shape().get(1);
    int channels = chain.shape().get(2) / (height * width);
    return chain
        .reshape(List.of(rows, columns, height, width, channels))
        .transpose(List.of(0, 2, 1, 3, 4))
        .reshape(List.of(rows * height, columns * width, channels));
  }

  private static List<Node> spaceToDepth(MovedOp op) {
    op.requireChannelsLast();
    int block = op.attribute("block_size");
    List<Integer> shape = op.shape(0);
    int rows = shape.get(0) / block;
    int columns = shape.get(1) / block;
    int channels = shape.get(2);
    return chain(op, 0)
        .reshape(List.of(rows, block, columns, block, channels))
        .transpose(List.of(0, 2, 1, 3, 4))
        .reshape(List.of(rows, columns, block * block * channels))
        .nodes();
  }
}
