package org.slimquant.deploy.compile.match;

import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;

/**
 * What all fused ops of a graph share.
 *
 * @param shared the kernels and biases that layers have in common
 */
public record MatchContext(
    OpGraph graph, Grids grids, QuantizationPlan plan, SharedWeights shared) {

  private static final String ANNOTATE = "let a @QuantInt8 method of its own return it";

  /**
   * Returns the node that the model is given.
   *
   * @throws IllegalArgumentException if nothing reads it any more
   */
  Node input() {
    return graph.nodes().stream()
        .filter(node -> node.is(Node.INPUT))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the output must be computed from the input, but only the input's shape is read; give an output that reads the input's values"));
  }

  /** Returns the format that the plan has for the site of a name. */
  Optional<Format> format(String site) {
    return site(site).map(Site::format);
  }

  /** Returns the site of a name, if the plan has one. */
  Optional<Site> site(String name) {
    return plan.sites().stream().filter(site -> site.name().equals(name)).findFirst();
  }

  /** Whether a node is a kernel in the plan. */
  boolean isKernel(Node node) {
    return site(node.id()).filter(site -> site.kind() == Kind.KERNEL).isPresent();
  }

  /** Whether a tensor has codes, and is what a layer works on. */
  boolean hasCodes(Node node) {
    return grids.of(node.id()).isPresent() && !isKernel(node);
  }

  /** Returns how a session's graph gives a tensor, as messages say it. */
  static String operand(String tensor) {
    return "session.graph().outputOrThrow(\"%s\")"
        .formatted(tensor.contains(":") ? tensor : tensor + ":0");
  }

  /**
   * Returns the refusal of a tensor without codes. It names the op that is to have them: what only
   * moves elements gets them from there.
   *
   * @param reads who reads the tensor
   */
  RefusedException noFormat(Node node, String reads) {
    Node source = node;
    while (Grids.MOVERS.contains(source.type())) {
      source = graph.node(source.input());
    }
    return new RefusedException(
        source, "its output, which %s, has no format".formatted(reads), remedy(source, reads));
  }

  private String remedy(Node source, String reads) {
    if (source.is(Node.INPUT)) {
      return "annotate the parameter of the layer through which it flows in with @QuantInt8";
    }
    Optional<Site> rounded =
        plan.sites().stream()
            .filter(site -> site.tensor().equals(source.op() + ":0"))
            .filter(site -> site.kind() == Kind.OUTPUT || site.kind() == Kind.INPUT)
            .findFirst();
    if (rounded.isPresent()) {
      return "take %s in its place, which is the same, quantized"
          .formatted(operand(rounded.get().name()));
    }
    return reads.contains("(AvgPool)") || reads.contains("(Mean)")
        ? "let a @QuantInt8 method return it, and another one the average"
        : ANNOTATE;
  }

  /**
   * Returns the shape of an example of what a node computes.
   *
   * @throws RefusedException if it is not known; it names the input if all begins there
   */
  List<Integer> shape(Node node) {
    return node.shape()
        .orElseThrow(
            () ->
                input().shape().isEmpty()
                    ? new RefusedException(
                        input(),
                        "the shape of an example is not known when the graph is built",
                        "build the deployment graph with a placeholder of one size, such as [-1, 28, 28, 1], where the batch alone is unknown")
                    : new RefusedException(
                        node,
                        "the shape of its output depends on the number of examples, or on what they hold",
                        "let the batch stay the first axis, and sizes follow from the input's shape"));
  }
}
