package org.slimquant.runtime;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Output;

/**
 * Walks a finished graph and finds the edges by which quantized tensors are read around their fake
 * quants.
 *
 * <pre>{@code
 * Relu ─┬─▶ conv1/SlimQuant/output ─▶ MaxPool
 *       └─▶ Add                                 found: input 0 of Add reads Relu:0
 * }</pre>
 *
 * <p>Not found are the ops of the fake quant itself, ops that write or keep a variable, ops that
 * read no more than a shape, and the backward pass, whose formulas want the raw tensor (TanhGrad).
 * The backward pass is what stands in the scope of a gradient op that reads the same tensor, and in
 * the scope that TensorFlow gives to gradients by default.
 */
final class Verifier {

  private static final Pattern DEFAULT_GRADIENT_SCOPE = Pattern.compile("gradients(_\\d+)?/.*");

  private Verifier() {}

  static List<UnquantizedRead> verify(Graph graph, List<Site> sites) {
    return sites.stream().flatMap(site -> verify(graph, site).stream()).toList();
  }

  private static List<UnquantizedRead> verify(Graph graph, Site site) {
    Output<?> tensor = graph.outputOrThrow(site.tensor());
    List<Edge> readers = NativeGraph.readers(tensor);
    Set<String> gradientScopes =
        readers.stream()
            .filter(edge -> OpTypes.isGradient(edge.reader().type()))
            .map(edge -> gradientScope(edge, site))
            .filter(scope -> !scope.isEmpty())
            .collect(Collectors.toSet());
    return readers.stream()
        .filter(edge -> !edge.isWithin(site.name()))
        .filter(edge -> !edge.keepsVariable())
        .filter(edge -> !OpTypes.readsShapeOnly(edge.reader().type()))
        .filter(edge -> !OpTypes.isGradient(edge.reader().type()))
        .filter(edge -> !DEFAULT_GRADIENT_SCOPE.matcher(edge.reader().name()).matches())
        .filter(edge -> gradientScopes.stream().noneMatch(edge::isWithin))
        .map(
            edge ->
                new UnquantizedRead(site.name(), site.tensor(), edge.reader().name(), edge.index()))
        .toList();
  }

  /**
   * Returns the scope of a backward pass, from a gradient op that reads the site's tensor in it.
   */
  private static String gradientScope(Edge edge, Site site) {
    String reader = edge.reader().name();
    // A registered gradient stands in a scope named after its op: gradients/conv1/SlimQuant/output.
    int end = reader.indexOf("/" + site.name() + "/");
    return reader.substring(0, end >= 0 ? end : Math.max(0, reader.lastIndexOf('/')));
  }
}
