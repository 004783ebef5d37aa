package org.slimquant.deploy.compile.match;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.plan.QuantizationPlan.Kind;

/**
 * The ops at an end of a graph that compute in floats. The model can leave them to its caller.
 *
 * <pre>{@code
 * images ─▶ Cast ─▶ Sub ─▶ Div ─▶ Quantize ─▶ … ─▶ Quantize ─▶ Mul ─▶ output
 *           └─ the beginning ─┘                                end
 * }</pre>
 *
 * <p>They are refused together, and the remedy names the tensor from which, or to which, the model
 * can be compiled. Ops with a kernel are not such an end, because they are a layer without an
 * annotation.
 *
 * @param refused the op in whose name all of them are refused
 * @param ops the ids of all these ops
 */
record FloatEnds(Node refused, Set<String> ops, String reason, String remedy) {

  /** Returns the ops between an input and the first fake quant. */
  static Optional<FloatEnds> beginning(MatchContext context, Node input) {
    OpGraph graph = context.graph();
    List<Node> first =
        firstQuantizers(graph).stream()
            .filter(node -> graph.above(node, above -> true).contains(input))
            .toList();
    Set<String> tensors =
        first.stream().map(node -> source(graph, node.input())).collect(Collectors.toSet());
    if (tensors.size() != 1) {
      return Optional.empty();
    }
    String tensor = tensors.iterator().next();
    Node source = graph.node(tensor);
    Set<String> ops = ids(graph.above(source, node -> true).stream());
    boolean given = !source.is(Node.INPUT) && ops.removeAll(graph.inputs());
    boolean parameter = first.stream().allMatch(node -> isParameter(context, node));
    if (!given || readsKernel(context, ops) || !(parameter || computes(graph, ops))) {
      return Optional.empty();
    }
    return Optional.of(
        new FloatEnds(
            source,
            ops,
            "it is computed in floats, before anything is quantized",
            "let the input be %s, and compute what comes before it yourself"
                .formatted(MatchContext.operand(tensor))));
  }

  private static List<Node> firstQuantizers(OpGraph graph) {
    List<Node> first = new ArrayList<>();
    Set<String> quantized = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean quantizedAbove =
          node.inputs().stream().anyMatch(input -> quantized.contains(graph.node(input).id()));
      if (node.is(Node.QUANTIZE) && !quantizedAbove) {
        first.add(node);
      }
      if (node.is(Node.QUANTIZE) || quantizedAbove) {
        quantized.add(node.id());
      }
    }
    return first;
  }

  /**
   * Returns a tensor of TensorFlow from which the tensor of a node is computed that was moved up.
   */
  private static String source(OpGraph graph, String tensor) {
    String source = tensor;
    while (graph.node(source).added().isPresent()) {
      source = graph.node(source).input();
    }
    return source;
  }

  private static boolean isParameter(MatchContext context, Node quantize) {
    return quantize
        .quantizer()
        .map(Quantizer::site)
        .flatMap(context::site)
        .filter(site -> site.kind() == Kind.INPUT)
        .isPresent();
  }

  /** Returns the ops between the last tensors with codes and an output. */
  static Optional<FloatEnds> end(MatchContext context, Node output) {
    OpGraph graph = context.graph();
    Predicate<Node> coded = node -> context.grids().of(node.id()).isPresent();
    Predicate<Node> inFloats = node -> !coded.test(node) && !node.is(Node.CONSTANT);
    Set<Node> read = graph.above(output, inFloats);
    Set<String> ops = ids(read.stream().filter(inFloats));
    Set<String> last = ids(read.stream().filter(coded));
    Optional<Node> refused =
        graph.nodes().stream()
            .filter(node -> ops.contains(node.id()) && FloatOps.isFloat(graph, node))
            .findFirst();
    boolean fed =
        ops.stream()
            .map(graph::node)
            .anyMatch(node -> node.inputs().isEmpty() && !node.is(Node.CONSTANT));
    boolean named =
        !last.isEmpty() && last.stream().noneMatch(id -> graph.node(id).added().isPresent());
    boolean planned = ops.stream().noneMatch(id -> graph.node(id).type().startsWith("FakeQuant"));
    if (fed || !named || !planned || readsKernel(context, ops)) {
      return Optional.empty();
    }
    String operands = last.stream().map(MatchContext::operand).collect(Collectors.joining(" and "));
    return refused.map(
        node ->
            new FloatEnds(
                node,
                ops,
                "it is computed in floats, behind the last tensor that is quantized",
                last.size() == 1
                    ? "let the output be %s, and compute what comes behind it yourself"
                        .formatted(operands)
                    : "let the outputs be %s, and compute what comes behind them yourself"
                        .formatted(operands)));
  }

  private static Set<String> ids(Stream<Node> nodes) {
    return nodes.map(Node::id).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static boolean readsKernel(MatchContext context, Set<String> ops) {
    return ops.stream()
        .flatMap(id -> context.graph().node(id).inputs().stream())
        .anyMatch(input -> context.isKernel(context.graph().node(input)));
  }

  /** Returns whether there is an op without an integer op, or an op that adds a constant. */
  private static boolean computes(OpGraph graph, Set<String> ops) {
    return ops.stream()
        .map(graph::node)
        .anyMatch(node -> FloatOps.isFloat(graph, node) || FusedOp.addend(graph, node).isPresent());
  }
}
