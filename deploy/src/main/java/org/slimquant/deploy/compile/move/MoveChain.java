package org.slimquant.deploy.compile.move;

import static org.slimquant.deploy.compile.move.MovedOp.all;
import static org.slimquant.deploy.compile.move.MovedOp.axes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.NodePayload.Movement;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.runtime.graph.OpKind;

/**
 * Nodes that move elements one after the other, in place of one op. The last of them has the id of
 * the tensor that they replace. Steps without an effect are omitted.
 */
final class MoveChain {

  private final Node replaced;
  private final String result;
  private final List<Node> nodes = new ArrayList<>();
  private String read;
  private List<Integer> shape;

  /**
   * Begins a chain.
   *
   * @param replaced the op in whose place the nodes come
   * @param result the id of the tensor that the nodes compute
   * @param read the id of the tensor that they read
   * @param shape the shape of an example of that
   */
  MoveChain(Node replaced, String result, String read, List<Integer> shape) {
    this.replaced = replaced;
    this.result = result;
    this.read = read;
    this.shape = shape;
  }

  /** Returns the shape of an example of what was computed last. */
  List<Integer> shape() {
    return shape;
  }

  /** Returns the id of what was computed last. */
  String read() {
    return read;
  }

  /** Takes elements at equal distances. */
  MoveChain slice(List<Integer> begin, List<Integer> stride, List<Integer> lengths) {
    boolean inOrder =
        IntStream.range(0, shape.size()).allMatch(i -> stride.get(i) == 1 || shape.get(i) == 1);
    if (inOrder && lengths.equals(shape)) {
      return this;
    }
    int last = shape.size() - 1;
    boolean keepsLast =
        begin.get(last) == 0 && stride.get(last) == 1 && lengths.get(last).equals(shape.get(last));
    return add(
        OpKind.SLICE,
        lengths,
        new Movement(
            "%s by %s".formatted(begin, stride),
            keepsLast,
            (name, inputs, output) -> new Slice(name, inputs.get(0), begin, stride, output)));
  }

  /** Takes a part of one axis. */
  MoveChain slice(int axis, int begin, int stride, int length) {
    return slice(
        with(all(0, shape.size()), axis, begin),
        with(all(1, shape.size()), axis, stride),
        with(shape, axis, length));
  }

  /** Puts the axes in another order. */
  MoveChain transpose(List<Integer> permutation) {
    if (permutation.equals(axes(shape.size()))) {
      return this;
    }
    int last = shape.size() - 1;
    return add(
        OpKind.TRANSPOSE,
        permutation.stream().map(shape::get).toList(),
        new Movement(
            permutation.toString(),
            permutation.get(last) == last,
            (name, inputs, output) -> new Transpose(name, inputs.get(0), permutation, output)));
  }

  /** Repeats each axis. */
  MoveChain tile(List<Integer> repeats) {
    if (repeats.stream().allMatch(times -> times == 1)) {
      return this;
    }
    int last = shape.size() - 1;
    return add(
        OpKind.TILE,
        IntStream.range(0, shape.size())
            .mapToObj(axis -> Math.multiplyExact(shape.get(axis), repeats.get(axis)))
            .toList(),
        new Movement(
            repeats.toString(),
            repeats.get(last) == 1,
            (name, inputs, output) -> new Tile(name, inputs.get(0), repeats, output)));
  }

  /** Reads the elements in another shape. */
  MoveChain reshape(List<Integer> other) {
    return other.equals(shape) ? this : add(OpKind.RESHAPE, other, Attributes.NONE);
  }

  /** Joins what was computed last with other tensors. */
  MoveChain concat(List<String> tensors, int axis, List<Integer> joined) {
    Node constant =
        new Node(
            new Added(id(), 0),
            replaced.op(),
            Node.CONSTANT,
            List.of(),
            Optional.empty(),
            new Literal(List.of(), new double[] {axis + 1}));
    nodes.add(constant);
    List<String> inputs = new ArrayList<>(tensors);
    inputs.add(constant.id());
    return add(OpKind.CONCAT_V2, inputs, joined, Attributes.NONE);
  }

  private MoveChain add(OpKind kind, List<Integer> to, NodePayload payload) {
    return add(kind, List.of(read), to, payload);
  }

  /** Adds any node. */
  MoveChain add(OpKind kind, List<String> inputs, List<Integer> to, NodePayload payload) {
    Added added = new Added(id(), 0);
    return add(new Node(added, replaced.op(), kind.type(), inputs, Optional.of(to), payload), to);
  }

  private MoveChain add(Node node, List<Integer> to) {
    nodes.add(node);
    read = node.id();
    shape = List.copyOf(to);
    return this;
  }

  /** Adds the nodes of another chain, which this one reads. */
  MoveChain after(MoveChain other) {
    nodes.addAll(other.nodes());
    return this;
  }

  private String id() {
    return "%s'%d'".formatted(result, nodes.size() + 1);
  }

  /** Returns the nodes. If nothing moves, a Reshape to the same shape is the only one. */
  List<Node> nodes() {
    if (nodes.isEmpty()) {
      add(OpKind.RESHAPE, shape, Attributes.NONE);
    }
    int last = nodes.size() - 1;
    Node node = nodes.get(last);
    Node named =
        new Node(
            result,
            node.op(),
            node.type(),
            node.inputs(),
            node.shape(),
            node.payload(),
            result.equals(replaced.id()) ? replaced.added() : Optional.empty());
    List<Node> all = new ArrayList<>(nodes.subList(0, last));
    all.add(named);
    return all;
  }

  static List<Integer> with(List<Integer> numbers, int place, int number) {
    List<Integer> changed = new ArrayList<>(numbers);
    changed.set(place, number);
    return changed;
  }
}
