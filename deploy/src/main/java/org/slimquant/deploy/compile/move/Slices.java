package org.slimquant.deploy.compile.move;

import static org.slimquant.deploy.compile.move.MovedOp.all;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;

/** Writes the ops that take parts of a tensor as slices. */
final class Slices {

  private static final int REST = -1;

  private Slices() {}

  static List<Node> slice(MovedOp op) {
    List<Integer> shape = op.shape(0);
    List<Integer> begin = op.integers(1, "begin");
    List<Integer> sizes = new ArrayList<>(op.integers(2, "size"));
    if (begin.get(0) != 0 || sizes.get(0) != REST) {
      throw op.batch(
          "it takes %d from %d; a size of -1 takes all".formatted(sizes.get(0), begin.get(0)));
    }
    for (int axis = 0; axis < shape.size(); axis++) {
      if (sizes.get(axis + 1) == REST) {
        sizes.set(axis + 1, shape.get(axis) - begin.get(axis + 1));
      }
    }
    return Movements.chain(op, 0)
        .slice(begin.subList(1, begin.size()), all(1, shape.size()), sizes.subList(1, sizes.size()))
        .nodes();
  }

  static List<Node> split(MovedOp op) {
    List<Integer> shape = op.shape(1);
    int axis = op.axis(op.integers(0, "axis").get(0), shape.size());
    int count = op.attribute("num_split");
    return split(op, 1, axis, all(shape.get(axis) / count, count));
  }

  static List<Node> splitInSizes(MovedOp op) {
    List<Integer> shape = op.shape(0);
    int axis = op.axis(op.integers(2, "axis").get(0), shape.size());
    List<Integer> sizes = new ArrayList<>(op.integers(1, "sizes"));
    int known = sizes.stream().filter(size -> size != REST).mapToInt(size -> size).sum();
    sizes.replaceAll(size -> size == REST ? shape.get(axis) - known : size);
    return split(op, 0, axis, sizes);
  }

  private static List<Node> split(MovedOp op, int input, int axis, List<Integer> sizes) {
    List<Node> nodes = new ArrayList<>();
    int begin = 0;
    for (int part = 0; part < sizes.size(); part++) {
      if (sizes.get(part) == 0) {
        throw op.refused("its part %d is empty".formatted(part), "let each part have elements");
      }
      nodes.addAll(output(op, input, part).slice(axis, begin, 1, sizes.get(part)).nodes());
      begin += sizes.get(part);
    }
    return nodes;
  }

  static List<Node> unpack(MovedOp op) {
    List<Integer> shape = op.shape(0);
    int axis = op.axis(op.attribute("axis"), shape.size());
    List<Integer> without = new ArrayList<>(shape);
    without.remove(axis);
    List<Node> nodes = new ArrayList<>();
    for (int part = 0; part < shape.get(axis); part++) {
      nodes.addAll(output(op, 0, part).slice(axis, part, 1, 1).reshape(without).nodes());
    }
    return nodes;
  }

  /** Returns the chain that computes an output of an op, which readers call {@code split:1}. */
  private static MoveChain output(MovedOp op, int input, int part) {
    Node node = op.node();
    String id = part == 0 ? node.id() : "%s:%d".formatted(node.id(), part);
    return new MoveChain(node, id, node.inputs().get(input), op.shape(input));
  }

  static List<Node> reverse(MovedOp op) {
    MoveChain chain = Movements.chain(op, 0);
    for (int reversed : op.integers(1, "axes")) {
      int axis = op.axis(reversed, chain.shape().size());
      int length = chain.shape().get(axis);
      chain.slice(axis, length - 1, -1, length);
    }
    return chain.nodes();
  }
}
