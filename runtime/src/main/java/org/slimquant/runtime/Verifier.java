package org.slimquant.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpTypes;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.graph.Variables;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;

/**
 * Walks a finished graph and finds the edges by which quantized tensors are read around their fake
 * quants, and the {@link WrongGradients}.
 *
 * <pre>{@code
 * Relu ─┬─▶ conv1/SlimQuant/output ─▶ MaxPool
 *       └─▶ Add                                 found: input 0 of Add reads Relu:0
 * }</pre>
 *
 * <p>Four kinds of readers are not reported: the ops of the fake quant itself, ops that write or
 * keep a variable, ops that read only a shape, and the backward pass, whose formulas need the raw
 * tensor (TanhGrad).
 *
 * <p>Most backward ops look like any other: {@code y * y} has a gradient of products. But
 * TensorFlow puts a whole backward pass into one scope, which must be new, and a pass that goes
 * through a fake quant shows its scope there. It has a gradient op that reads the raw tensor, or,
 * if the fake quant is composed, ops that read the tensors between its ops, which no other op
 * reads:
 *
 * <pre>{@code
 * Exp ─┬─▶ conv1/SlimQuant/output/clip ─┬─▶ … ─▶ conv1/SlimQuant/output ─▶ MaxPool
 *      │                                └─▶ backward/Shape       so backward/ is a backward pass
 *      └─▶ backward/Multiply                                     and this is no raw read
 * }</pre>
 *
 * <p>A pass that goes through no fake quant, such as that of a penalty on raw weights alone, is
 * recognized if it is in the scope that TensorFlow gives to gradients by default.
 */
final class Verifier {

  private static final Pattern DEFAULT_GRADIENT_SCOPE = Pattern.compile("gradients(_\\d+)?/.*");

  private Verifier() {}

  static List<Finding> verify(Graph graph, List<Site> sites) {
    Set<String> gradientScopes =
        sites.stream()
            .flatMap(site -> gradientScopes(graph, site))
            .collect(Collectors.toUnmodifiableSet());
    return Stream.<Finding>concat(
            unquantizedReads(graph, sites, gradientScopes),
            WrongGradients.find(graph, operation -> isBackward(operation, gradientScopes)).stream())
        .toList();
  }

  private static Stream<UnquantizedRead> unquantizedReads(
      Graph graph, List<Site> sites, Set<String> gradientScopes) {
    // A bias has a fake quant for each grid; the ops of the others are no raw readers.
    Map<String, List<Site>> sitesOf = sites.stream().collect(Collectors.groupingBy(Site::tensor));
    return sites.stream()
        .flatMap(
            site ->
                readersOfVariable(graph, site, sitesOf.keySet())
                    .filter(edge -> isForward(edge, gradientScopes))
                    .filter(
                        edge ->
                            sitesOf.getOrDefault(site.tensor(), List.of()).stream()
                                .noneMatch(same -> edge.isWithin(same.name())))
                    .map(
                        edge ->
                            new UnquantizedRead(
                                site.name(),
                                Operands.name(edge.source()),
                                edge.reader().name(),
                                edge.index())));
  }

  private static Stream<Edge> readers(Graph graph, Site site) {
    return NativeGraph.readers(graph.outputOrThrow(site.tensor())).stream();
  }

  /**
   * Returns the edges over which a site's tensor is read, and other reads of the same variable that
   * have no site themselves.
   */
  private static Stream<Edge> readersOfVariable(Graph graph, Site site, Set<String> quantized) {
    return Variables.sameValue(graph.outputOrThrow(site.tensor()))
        .filter(
            tensor ->
                Operands.name(tensor).equals(site.tensor())
                    || !quantized.contains(Operands.name(tensor)))
        .flatMap(tensor -> NativeGraph.readers(tensor).stream());
  }

  /** Returns whether an edge reads a value in the forward pass. */
  private static boolean isForward(Edge edge, Set<String> gradientScopes) {
    String type = edge.reader().type();
    return !edge.maintainsVariable()
        && !OpKind.of(type).role().readsShapeOnly()
        && !OpTypes.isGradient(type)
        && !isBackward(edge.reader(), gradientScopes);
  }

  private static boolean isBackward(GraphOperation operation, Set<String> gradientScopes) {
    String name = operation.name();
    return DEFAULT_GRADIENT_SCOPE.matcher(name).matches()
        || gradientScopes.stream()
            .anyMatch(scope -> name.equals(scope) || name.startsWith(scope + "/"));
  }

  /**
   * Returns the scopes of the backward passes that go through a site's fake quant. Any other op
   * that reads a part of a composed fake quant, in the middle of its rounding, is taken for a
   * backward op, too.
   */
  private static Stream<String> gradientScopes(Graph graph, Site site) {
    Stream<Edge> gradients =
        readers(graph, site).filter(edge -> OpTypes.isGradient(edge.reader().type()));
    Stream<Edge> readersOfParts =
        parts(graph.operationOrThrow(site.name()), site)
            .flatMap(part -> NativeGraph.readers(part.output(0)).stream())
            .filter(edge -> !edge.isWithin(site.name()));
    return Stream.concat(gradients, readersOfParts)
        .map(edge -> gradientScope(edge, site))
        .filter(scope -> !scope.isEmpty());
  }

  /**
   * Returns the ops of a site's fake quant that {@code operation} is computed from, some several
   * times.
   */
  private static Stream<GraphOperation> parts(GraphOperation operation, Site site) {
    return IntStream.range(0, operation.numInputs())
        .mapToObj(i -> (GraphOperation) operation.input(i).op())
        .filter(input -> input.name().startsWith(site.name() + "/"))
        .flatMap(input -> Stream.concat(Stream.of(input), parts(input, site)));
  }

  /** Returns the scope of a backward pass, from an edge over which an op of it reads. */
  private static String gradientScope(Edge edge, Site site) {
    String reader = edge.reader().name();
    // A registered gradient is in a scope named after its op: gradients/conv1/SlimQuant/output.
    int end = reader.indexOf("/" + site.name() + "/");
    return reader.substring(0, end >= 0 ? end : Math.max(0, reader.lastIndexOf('/')));
  }
}
