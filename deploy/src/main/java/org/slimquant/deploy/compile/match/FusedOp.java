package org.slimquant.deploy.compile.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.PendingOp;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * A part of the graph that becomes one integer op: an op that computes something, the biases that
 * are added to it, the activations after it, and the fake quant that rounds.
 *
 * <pre>{@code
 * Conv2D ─▶ BiasAdd ─▶ Relu ─▶ Relu6 ─▶ Quantize
 *  root     biases     └──── range ──┘   output
 * }</pre>
 *
 * <p>An activation becomes a range of codes, because rounding keeps the order of numbers: see
 * {@link CodeRange}.
 *
 * @param output the node whose codes are computed: a fake quant, or a node that keeps codes
 * @param root the node that computes something
 * @param biases the nodes that add a constant to the root's output
 * @param format the format of the output
 * @param range the codes that the activations leave
 */
public record FusedOp(
    MatchContext context,
    Node output,
    Node root,
    List<Node> biases,
    FixedPoint format,
    CodeRange range) {

  /** Returns the fused op that ends with a node with codes. */
  static FusedOp of(MatchContext context, Node output, FixedPoint format) {
    OpGraph graph = context.graph();
    CodeRange range = CodeRange.all(format);
    Node root = output.is(Node.QUANTIZE) ? graph.node(output.input()) : output;
    while (root.role() == OpRole.ACTIVATION || root.is(Node.CLAMP)) {
      range = clamped(root, format).then(range);
      root = graph.node(root.input());
    }
    List<Node> biases = new ArrayList<>();
    while (addend(graph, root).isPresent()) {
      biases.add(root);
      root = graph.node(root.inputs().get(1 - addend(graph, root).orElseThrow()));
    }
    return new FusedOp(context, output, root, biases, format, range);
  }

  private static CodeRange clamped(Node activation, FixedPoint format) {
    return activation
        .clamp()
        .map(clamp -> CodeRange.clamp(format, clamp.min(), clamp.max()))
        .orElseGet(
            () -> activation.is(OpKind.RELU) ? CodeRange.relu(format) : CodeRange.relu6(format));
  }

  /** Returns at which input a node reads a constant that it adds to data. */
  static Optional<Integer> addend(OpGraph graph, Node node) {
    return switch (node.role()) {
      case BIAS -> Optional.of(1);
      case SUM ->
          isConstant(graph, node, 1)
              ? Optional.of(1)
              : Optional.of(0).filter(first -> isConstant(graph, node, first));
      default -> Optional.empty();
    };
  }

  private static boolean isConstant(OpGraph graph, Node node, int input) {
    return graph.node(node.inputs().get(input)).is(Node.CONSTANT);
  }

  /** Returns the node that the root reads at an input. */
  Node rootInput(int input) {
    return context.graph().node(root.inputs().get(input));
  }

  /**
   * Returns the node of an integer op that reads tensors with codes.
   *
   * @param inputs at which inputs the root reads them
   * @throws RefusedException if one of them has no codes
   */
  Node pending(List<Integer> inputs, PendingOp.Body body) {
    List<String> reads = inputs.stream().map(input -> rootInput(input).id()).toList();
    inputs.forEach(this::inputFormat);
    return pending(root, reads, body);
  }

  private Node pending(Node named, List<String> reads, PendingOp.Body body) {
    return output.as(Node.PENDING, reads, new PendingOp(name(), named, format, body));
  }

  /** Returns the node of an integer op that rounds the codes of the root again. */
  Node requantized(PendingOp.Body body) {
    return pending(output, List.of(root.id()), body);
  }

  /**
   * Returns the name of the layer, if this is a layer's output or its sum before an activation;
   * otherwise the name of the site, if there is one; otherwise the name of the op. The activation
   * after a sum is called {@code conv1/activation}.
   */
  private String name() {
    return output
        .quantizer()
        .map(Quantizer::site)
        .map(site -> SiteName.parse(site).flatMap(this::name).orElse(site))
        .orElse(output.op());
  }

  private Optional<String> name(SiteName site) {
    if (site.part().equals(SiteName.SUM)) {
      return Optional.of(site.call());
    }
    if (!site.part().equals(SiteName.OUTPUT)) {
      return Optional.empty();
    }
    boolean hasSum = context.site(new SiteName(site.call(), SiteName.SUM).toString()).isPresent();
    return Optional.of(hasSum ? site.call() + "/activation" : site.call());
  }

  /**
   * Returns the format of the tensor that the root reads at an input.
   *
   * @throws RefusedException if it has no format
   */
  FixedPoint inputFormat(int input) {
    Node read = rootInput(input);
    return context.grids().of(read.id()).orElseThrow(() -> context.noFormat(read, root));
  }

  /** Returns the refusal of a root that reads no codes. */
  RefusedException noFormat() {
    requireNoBias();
    return context.noFormat(root, output);
  }

  /**
   * Returns the constant that the root reads at an input.
   *
   * @throws RefusedException if it is not a constant
   */
  Literal literal(int input, String what) {
    return rootInput(input)
        .literal()
        .orElseThrow(
            () ->
                new RefusedException(
                    root,
                    "its %s %s is computed from data".formatted(what, root.inputs().get(input)),
                    "let it be a constant or a variable"));
  }

  /**
   * Checks that no constant is added to the root's output.
   *
   * @throws RefusedException if a constant is added
   */
  void requireNoBias() {
    if (!biases.isEmpty()) {
      throw new RefusedException(
          biases.get(biases.size() - 1),
          "adds a constant to %s (%s), which has no kernel".formatted(root.op(), root.type()),
          earlierBias().orElse("make it the bias of a layer with a kernel"));
    }
  }

  /**
   * Returns the remedy for a constant that is added, in one layer, to an average of a kernel's
   * output. If it is added before the average, the result is the same.
   */
  private Optional<String> earlierBias() {
    if (root.role() != OpRole.AVERAGE || context.grids().of(rootInput(0).id()).isPresent()) {
      return Optional.empty();
    }
    OpGraph graph = context.graph();
    Node averaged = rootInput(0);
    while (addend(graph, averaged).isPresent()) {
      averaged = graph.node(averaged.inputs().get(1 - addend(graph, averaged).orElseThrow()));
    }
    return Optional.of(averaged)
        .filter(node -> node.role() == OpRole.CONVOLUTION)
        .map(node -> "add it to %s (%s), before the average".formatted(node.op(), node.type()));
  }

  /** Returns the shape of an example of a node's output, see {@link MatchContext#shape}. */
  List<Integer> shape(Node node) {
    return context.shape(node);
  }
}
