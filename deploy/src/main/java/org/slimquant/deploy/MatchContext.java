package org.slimquant.deploy;

import java.util.List;
import java.util.Map;
import org.slimquant.deploy.Refusals.RefusedException;
import org.slimquant.runtime.Format;

/**
 * What all stages of a graph share.
 *
 * @param weightFormats the formats of the plan by the names of their sites
 */
record MatchContext(Dataflow graph, Grids grids, Map<String, Format> weightFormats) {

  private static final String ANNOTATE = "annotate the method that makes it with @QuantInt8";

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
                    "the output must be computed from the input, but only the input's shape is read"));
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
        source,
        "its output, which %s, has no format".formatted(reads),
        source.is(Node.INPUT)
            ? "annotate the parameter of the layer through which it flows in with @QuantInt8"
            : reads.contains("(AvgPool)") || reads.contains("(Mean)")
                ? "give the average a layer of its own: " + ANNOTATE
                : ANNOTATE);
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
                new RefusedException(
                    input().shape().isEmpty() ? input() : node,
                    "the shape of its output is not known when the graph is built",
                    "let the batch alone be unknown, in the placeholder's shape and behind it"));
  }
}
