package org.slimquant.deploy.compile.match;

import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.ArrangedKernel;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.OpRole;

/**
 * The data that matchers read: the graph, its grids, its plan and its shared weights.
 *
 * @param shared the kernels and biases that several layers share
 */
public record MatchContext(
    OpGraph graph, Grids grids, QuantizationPlan plan, SharedWeights shared) {

  private static final String ANNOTATE = "let a @QuantInt8 method of its own return it";

  /**
   * Returns the nodes of the model's inputs, in order.
   *
   * @throws IllegalArgumentException if nothing reads one of them any more
   */
  List<Node> inputs() {
    return graph.inputs().stream().map(this::input).toList();
  }

  private Node input(String id) {
    return graph.nodes().stream()
        .filter(node -> node.id().equals(id) && node.is(Node.INPUT))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    graph.inputs().size() == 1
                        ? "the output must be computed from the input, but only the input's shape is read; give an output that reads the input's values"
                        : "an output must be computed from each input, but only the shape of %s is read; leave it out"
                            .formatted(id)));
  }

  /** Returns the format that the plan has for the site of a name. */
  Optional<Format> format(String site) {
    return site(site).map(Site::format);
  }

  /** Returns the site of a name, if the plan has one. */
  Optional<Site> site(String name) {
    return plan.sites().stream().filter(site -> site.name().equals(name)).findFirst();
  }

  /** Returns whether a node is a kernel in the plan. */
  boolean isKernel(Node node) {
    String kernel = node.arrangedKernel().map(ArrangedKernel::kernel).orElse(node.op());
    return site(kernel).filter(site -> site.kind() == Kind.KERNEL).isPresent();
  }

  /** Returns whether a tensor has codes and is data of a layer. */
  boolean hasCodes(Node node) {
    return grids.of(node.id()).isPresent() && !isKernel(node);
  }

  /** Returns the code that gets a tensor from a session's graph, for messages. */
  static String operand(String tensor) {
    return "session.graph().outputOrThrow(\"%s\")"
        .formatted(tensor.contains(":") ? tensor : tensor + ":0");
  }

  /**
   * Returns the refusal of a tensor without codes. It names the op that needs codes: ops that only
   * move elements get their codes from it.
   *
   * @param reader the op that reads the tensor
   */
  RefusedException noFormat(Node node, Node reader) {
    return noFormat(
        node,
        "%s (%s) reads".formatted(reader.op(), reader.typeInTensorFlow()),
        reader.role() == OpRole.AVERAGE
            ? "let a @QuantInt8 method return it, and another one the average"
            : ANNOTATE);
  }

  /** Returns the refusal of an output without codes, see {@link #noFormat(Node, Node)}. */
  RefusedException noFormatOfOutput(Node node) {
    return noFormat(node, "the model returns", ANNOTATE);
  }

  private RefusedException noFormat(Node node, String reads, String annotate) {
    Node source = node;
    while (source.role().isMover()) {
      source = graph.node(source.input());
    }
    if (source.role() == OpRole.ARITHMETIC && FloatOps.isFloat(graph, source)) {
      return FloatOps.withConstant(source);
    }
    return new RefusedException(
        source,
        "its output, which %s, has no format".formatted(reads),
        remedy(source).orElse(annotate));
  }

  private Optional<String> remedy(Node source) {
    if (source.is(Node.INPUT)) {
      return Optional.of(
          "annotate the parameter of the layer through which it flows in with @QuantInt8");
    }
    return plan.sites().stream()
        .filter(site -> site.tensor().equals(source.op() + ":0"))
        .filter(site -> site.kind() == Kind.OUTPUT || site.kind() == Kind.INPUT)
        .findFirst()
        .map(
            site ->
                "take %s in its place, which is the same, quantized"
                    .formatted(operand(site.name())));
  }

  /**
   * Returns the shape of an example of a node's output.
   *
   * @throws RefusedException if the shape is not known; the refusal names an input if the input's
   *     shape is the cause
   */
  List<Integer> shape(Node node) {
    return node.shape()
        .orElseThrow(
            () ->
                unshaped().isPresent()
                    ? new RefusedException(
                        unshaped().get(),
                        "the shape of an example is not known when the graph is built",
                        "build the deployment graph with a placeholder of one size, such as [-1, 28, 28, 1], where the batch alone is unknown")
                    : new RefusedException(
                        node,
                        "the shape of its output depends on the number of examples, or on what they hold",
                        "let the batch stay the first axis, and sizes follow from the input's shape"));
  }

  private Optional<Node> unshaped() {
    return inputs().stream().filter(input -> input.shape().isEmpty()).findFirst();
  }
}
