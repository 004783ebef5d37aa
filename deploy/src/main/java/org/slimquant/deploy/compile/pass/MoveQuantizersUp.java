package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * Moves fake quants, activations and biases up to the op that computes something, before the ops
 * that only move elements or choose among them.
 *
 * <pre>{@code
 * Conv2D ─▶ Relu ─▶ MaxPool ─▶ Quantize ─▶          before
 * Conv2D ─▶ Relu ─▶ Quantize ─▶ MaxPool ─▶          after
 *
 * images ─▶ Reshape ─▶ Quantize ─▶                  before
 * images ─▶ Quantize ─▶ Reshape ─▶                  after
 * }</pre>
 *
 * <p>The results are the same, bit for bit. Rounding, clamping and Relu work on each element by
 * itself and never change the order of two, so the largest of the rounded numbers is the rounded
 * largest number. They also leave the zeros of a Pad as they are. A bias keeps the order within one
 * channel. Therefore, it moves before a MaxPool, and before a Slice, a Tile, a Transpose or a
 * Reshape that keeps the last axis, but not before a Pad. If a Reshape divides the last axis, the
 * bias is repeated along the axis that was divided:
 *
 * <pre>{@code
 * Conv2D [8, 8, 64] ─▶ Reshape [8, 8, 4, 16] ─▶ BiasAdd [16] ─▶          before
 * Conv2D [8, 8, 64] ─▶ BiasAdd [64] ─▶ Reshape [8, 8, 4, 16] ─▶          after
 * }</pre>
 *
 * <p>No op moves before a tensor that has codes already.
 */
public final class MoveQuantizersUp implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Placement placement = new Placement();
    graph.nodes().forEach(placement::place);
    return graph.with(placement.placed.values());
  }

  /** The nodes that have found their places, each after those it reads. */
  private static final class Placement {

    private final Map<String, Node> placed = new HashMap<>();
    private final Grids grids = new Grids();

    void place(Node node) {
      Optional<Integer> moving = movingInput(node);
      Optional<Node> mover =
          moving.map(i -> placed(node.inputs().get(i))).filter(before -> moves(node, before));
      if (mover.isEmpty()) {
        put(node);
        return;
      }
      Node before = mover.get();
      Node source = placed(before.input());
      List<String> inputs = new ArrayList<>(node.inputs());
      if (node.role().addsBias()) {
        int constant = 1 - moving.orElseThrow();
        inputs.set(constant, repeated(node.inputs().get(constant), before, source));
      }
      inputs.set(moving.orElseThrow(), source.id());
      Node moved =
          new Node(
              Added.behind(source, placed::containsKey),
              node.op(),
              node.type(),
              inputs,
              source.shape(),
              node.payload());
      place(moved);
      List<String> rest = new ArrayList<>(before.inputs());
      rest.set(0, moved.id());
      put(
          new Node(
              node.id(),
              before.op(),
              before.type(),
              rest,
              node.shape(),
              before.payload(),
              node.added()));
    }

    private void put(Node node) {
      placed.put(node.id(), node);
      grids.add(node);
    }

    private Node placed(String id) {
      return Objects.requireNonNull(placed.get(id), id);
    }

    /**
     * Returns the input at which a node reads the op before which it may move, if the node moves.
     */
    private Optional<Integer> movingInput(Node node) {
      if (node.is(Node.QUANTIZE) || node.is(Node.CLAMP) || node.role() == OpRole.ACTIVATION) {
        return known(node, 0);
      }
      if (node.role().addsBias()) {
        boolean second = isConstant(node.inputs().get(1));
        boolean first = isConstant(node.input());
        return second ? known(node, 0) : first ? known(node, 1) : Optional.empty();
      }
      return Optional.empty();
    }

    // A node is found by its first output only, so no op moves that reads another output.
    private Optional<Integer> known(Node node, int input) {
      return placed.containsKey(node.inputs().get(input)) ? Optional.of(input) : Optional.empty();
    }

    private boolean isConstant(String id) {
      Node node = placed.get(id);
      return node != null && node.is(Node.CONSTANT);
    }

    private boolean moves(Node node, Node before) {
      if (!before.role().isMover()
          || !placed.containsKey(before.input())
          || grids.of(before.input()).isPresent()) {
        return false;
      }
      if (!node.role().addsBias()) {
        boolean zeros = !before.is(OpKind.PAD_V2) || isZeroPad(before);
        boolean keepsZero =
            node.clamp().stream().allMatch(clamp -> clamp.min() <= 0 && clamp.max() >= 0);
        return zeros && (keepsZero || before.role() != OpRole.PADDING);
      }
      return switch (before.role()) {
        case MAXIMUM -> true;
        case MOVER -> before.movement().filter(NodePayload.Movement::keepsLast).isPresent();
        case SHAPER -> isVector(node) && repeats(before, placed(before.input())).isPresent();
        default -> false;
      };
    }

    private boolean isVector(Node node) {
      return node.inputs().stream()
          .flatMap(id -> Optional.ofNullable(placed.get(id)).flatMap(Node::literal).stream())
          .anyMatch(NodePayload.Literal::isVector);
    }

    /** Returns how many times the last axis of a node is in the last axis that it reads. */
    private static Optional<Integer> repeats(Node node, Node source) {
      return lastAxis(source)
          .flatMap(
              wide ->
                  lastAxis(node).filter(narrow -> wide % narrow == 0).map(narrow -> wide / narrow));
    }

    /** Returns a constant for the last axis of the input of a Reshape. */
    private String repeated(String constant, Node before, Node source) {
      Node node = placed(constant);
      int times = before.role() == OpRole.SHAPER ? repeats(before, source).orElse(1) : 1;
      double[] elements = node.literal().orElseThrow().elements();
      if (times == 1 || elements.length == 1) {
        return constant;
      }
      double[] all = new double[times * elements.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = elements[i % elements.length];
      }
      Node wide =
          new Node(
              new Added("%s'%dx".formatted(constant, times), 0),
              node.op(),
              Node.CONSTANT,
              List.of(),
              Optional.empty(),
              new NodePayload.Literal(List.of(all.length), all));
      put(wide);
      return wide.id();
    }

    private boolean isZeroPad(Node pad) {
      return placed(pad.inputs().get(2)).literal().filter(NodePayload.Literal::isZero).isPresent();
    }

    private static Optional<Integer> lastAxis(Node node) {
      return node.shape()
          .filter(shape -> !shape.isEmpty())
          .map(shape -> shape.get(shape.size() - 1));
    }
  }
}
