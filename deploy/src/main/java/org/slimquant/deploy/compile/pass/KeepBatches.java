package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.ElementwiseOps;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * Separates the batch from the rows of an example, where a Reshape has merged both to one axis.
 *
 * <pre>{@code
 * x [6, 8] ─▶ Reshape [8] ─▶ MatMul [4] ─▶ Relu [4] ─▶ Reshape [6, 4] ─▶                before
 * x [6, 8] ─▶ Reshape [6, 8] ─▶ BatchMatMulV2 [6, 4] ─▶ Relu [6, 4] ─▶ Reshape ─▶       after
 * }</pre>
 *
 * <p>The shapes are those of an example: TensorFlow's axis of the batch before them has six times
 * as many elements between the two Reshapes. Ops on each element and products with a kernel compute
 * the same for both forms. Other ops on a merged axis are refused.
 */
public final class KeepBatches implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Separation separation = new Separation(graph, refusals);
    graph.nodes().forEach(separation::add);
    graph.outputs().forEach(separation::requireBatch);
    return graph.with(separation.nodes);
  }

  /** The nodes that are separated already. */
  private static final class Separation {

    private final OpGraph graph;
    private final Refusals refusals;
    private final List<Node> nodes = new ArrayList<>();
    // How many rows of an example a tensor has on the axis of its batch.
    private final Map<String, Integer> rows = new LinkedHashMap<>();

    Separation(OpGraph graph, Refusals refusals) {
      this.graph = graph;
      this.refusals = refusals;
    }

    void add(Node node) {
      List<Integer> merged =
          node.inputs().stream()
              .map(input -> rows.get(graph.node(input).id()))
              .filter(count -> count != null)
              .distinct()
              .toList();
      if (node.role() == OpRole.SHAPER) {
        nodes.add(shaped(node, merged.isEmpty() ? 1 : merged.get(0)));
      } else if (merged.isEmpty()) {
        nodes.add(node);
      } else if (merged.size() == 1 && isElementwise(node)) {
        nodes.add(separated(node, node.shape().orElse(List.of()), merged.get(0)));
      } else if (isDense(node)) {
        nodes.add(product(node, merged.get(0)));
      } else {
        refuse(node, merged.get(0));
        nodes.add(separated(node, node.shape().orElse(List.of()), merged.get(0)));
      }
    }

    void requireBatch(String output) {
      Integer merged = rows.get(graph.node(output).id());
      if (merged != null) {
        refusals.add(
            graph.node(output),
            "the batch and %d rows of an example are one axis of the model's output"
                .formatted(merged),
            "give what is reshaped to [-1, %d, ..], so that the first axis is the batch"
                .formatted(merged));
      }
    }

    private void refuse(Node node, int merged) {
      refusals.add(
          node,
          "the batch and %d rows of an example are one axis of its input".formatted(merged),
          "reshape to [-1, %d, ..] before it, so that the first axis is the batch"
              .formatted(merged));
    }

    /** Returns a Reshape whose result has the rows of an example on an axis of their own. */
    private Node shaped(Node node, int merged) {
      Optional<List<Integer>> from = graph.node(node.input()).shape();
      Optional<List<Integer>> to = node.shape();
      if (from.isEmpty() || to.isEmpty() || (merged == 1 && !endsWith(from.get(), to.get()))) {
        return node;
      }
      long elements = merged * size(from.get());
      if (elements % size(to.get()) != 0) {
        return node;
      }
      int count = Math.toIntExact(elements / size(to.get()));
      return count == 1 ? node : separated(node, to.get(), count);
    }

    /** Returns whether a shape consists of the last axes of another. */
    private static boolean endsWith(List<Integer> shape, List<Integer> end) {
      return !end.isEmpty()
          && end.size() <= shape.size()
          && shape.subList(shape.size() - end.size(), shape.size()).equals(end);
    }

    private Node separated(Node node, List<Integer> shape, int count) {
      rows.put(node.id(), count);
      List<Integer> all = new ArrayList<>(List.of(count));
      all.addAll(shape);
      return node.withShape(Optional.of(all));
    }

    private Node product(Node node, int count) {
      boolean transposed = node.attributes().flag("transpose_b");
      return separated(
          node.as(
              OpKind.BATCH_MAT_MUL_V2.type(),
              node.inputs(),
              new Attributes(Map.of(), Map.of(), Map.of("adj_x", false, "adj_y", transposed))),
          node.shape().orElse(List.of()),
          count);
    }

    private boolean isDense(Node node) {
      return node.is(OpKind.MAT_MUL)
          && !node.attributes().flag("transpose_a")
          && graph.node(node.inputs().get(1)).is(Node.CONSTANT);
    }

    /** Returns whether each element is computed from those at its place, and constants. */
    private boolean isElementwise(Node node) {
      boolean each =
          node.is(Node.QUANTIZE)
              || node.is(Node.CLAMP)
              || ElementwiseOps.contains(node.type())
              || switch (node.role()) {
                case ACTIVATION, ARITHMETIC, BIAS, SUM -> true;
                default -> false;
              };
      return each
          && node.shape().isPresent()
          && node.inputs().stream()
              .map(graph::node)
              .allMatch(
                  read ->
                      read.is(Node.CONSTANT)
                          || (rows.containsKey(read.id()) && hasShapeOf(read, node)));
    }

    /** A tensor of one element is broadcast along the rows, too, so its shape must say so. */
    private static boolean hasShapeOf(Node read, Node node) {
      return read.shape().map(List::size).equals(node.shape().map(List::size));
    }

    private static long size(List<Integer> shape) {
      return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
  }
}
