package org.slimquant.deploy.onnx.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes the transposes and reshapes of a graph that have no effect. Each of them would cost a
 * small network as much time as a layer does.
 *
 * <pre>{@code
 * before                                               after
 * x ─▶ Transpose NHWC to NCHW ─▶ NCHW to NHWC ─▶ …     x ─▶ …
 * x ─▶ Reshape ─▶ Reshape ─▶ …                         x ─▶ Reshape ─▶ …
 * x ─▶ Reshape to the shape of x ─▶ …                  x ─▶ …
 * }</pre>
 *
 * <p>Nodes are rewritten in the order in which they are computed, so a chain of any length becomes
 * one node or none. A node that computes an output of the graph stays, because the output has a
 * name of its own. A reshape of a constant stays: see {@link SharedConstants}.
 */
final class TransposeElimination {

  private static final String TRANSPOSE = "Transpose";
  private static final String RESHAPE = "Reshape";

  private final Set<String> outputs = new HashSet<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, OnnxNode> nodes = new HashMap<>();
  // The value that replaces the output of a node that was removed.
  private final Map<String, String> replaced = new HashMap<>();

  private TransposeElimination(List<Value> inputs, List<Value> outputs) {
    outputs.forEach(output -> this.outputs.add(output.name()));
    inputs.forEach(input -> values.put(input.name(), input));
  }

  /**
   * Returns the items of the graph that is left.
   *
   * @param items in the order in which they are computed
   * @param inputs the inputs of the graph
   * @param outputs the outputs of the graph; each has the name of the node that computes it
   */
  static List<GraphItem> eliminate(List<GraphItem> items, List<Value> inputs, List<Value> outputs) {
    return new TransposeElimination(inputs, outputs).eliminate(items);
  }

  private List<GraphItem> eliminate(List<GraphItem> items) {
    List<GraphItem> kept = new ArrayList<>();
    Set<String> read = new LinkedHashSet<>();
    for (GraphItem item : items) {
      if (!(item instanceof OnnxNode node)) {
        kept.add(item);
        continue;
      }
      OnnxNode rewritten = rewrite(node.withInputs(input -> replaced.getOrDefault(input, input)));
      if (!replaced.containsKey(rewritten.name())) {
        values.put(rewritten.name(), rewritten.output());
        nodes.put(rewritten.name(), rewritten);
        read.addAll(rewritten.inputs());
        kept.add(rewritten);
      }
    }
    // The shapes that removed reshapes had.
    kept.removeIf(item -> item instanceof OnnxConstant && !read.contains(item.name()));
    return kept;
  }

  /** Returns a node that computes the same from an earlier value, or replaces its output. */
  private OnnxNode rewrite(OnnxNode node) {
    if (outputs.contains(node.name()) || !values.containsKey(node.input())) {
      return node;
    }
    return switch (node.type()) {
      case TRANSPOSE -> rewriteTranspose(node);
      case RESHAPE -> rewriteReshape(node);
      default -> node;
    };
  }

  private OnnxNode rewriteTranspose(OnnxNode node) {
    OnnxNode before = nodes.get(node.input());
    if (before != null && before.type().equals(TRANSPOSE) && areInverse(before, node)) {
      replaced.put(node.name(), before.input());
    }
    return node;
  }

  private static boolean areInverse(OnnxNode first, OnnxNode second) {
    List<Long> axes = first.attributes().get(0).getIntsList();
    List<Long> axesAfter = second.attributes().get(0).getIntsList();
    for (int axis = 0; axis < axes.size(); axis++) {
      if (axes.get(Math.toIntExact(axesAfter.get(axis))) != axis) {
        return false;
      }
    }
    return true;
  }

  private OnnxNode rewriteReshape(OnnxNode node) {
    OnnxNode before = nodes.get(node.input());
    String source = before != null && before.type().equals(RESHAPE) ? before.input() : node.input();
    Value value = values.get(source);
    if (value != null && value.shape().equals(node.output().shape())) {
      replaced.put(node.name(), source);
    }
    return node.withInput(source);
  }
}
