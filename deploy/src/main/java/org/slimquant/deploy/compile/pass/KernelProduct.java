package org.slimquant.deploy.compile.pass;

import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.runtime.graph.OpKind;

/**
 * A product of each row of data with a matrix of weights.
 *
 * @param data the id of the data
 * @param kernel the id of the weights
 * @param weights the weights
 * @param transposed whether the weights are {@code [out, in]} and not {@code [in, out]}
 * @param in the length of a row of the data
 * @param out the length of a row of the result
 */
record KernelProduct(
    String data, String kernel, Literal weights, boolean transposed, int in, int out) {

  /** Returns the product that a node is, if it is one. */
  static Optional<KernelProduct> of(OpGraph graph, Node node) {
    if (node.inputs().size() != 2 || node.shape().isEmpty()) {
      return Optional.empty();
    }
    if (node.is(OpKind.EINSUM)) {
      return ofEinsum(graph, node, 0).or(() -> ofEinsum(graph, node, 1));
    }
    boolean batch =
        node.is(OpKind.BATCH_MAT_MUL)
            || node.is(OpKind.BATCH_MAT_MUL_V2)
            || node.is(OpKind.BATCH_MAT_MUL_V3);
    if (!batch || node.attributes().flag("adj_x")) {
      return Optional.empty();
    }
    boolean transposed = node.attributes().flag("adj_y");
    return graph
        .node(node.inputs().get(1))
        .literal()
        .filter(literal -> literal.shape().size() >= 2)
        .filter(KernelProduct::isOneMatrix)
        .flatMap(
            literal -> {
              int rank = literal.shape().size();
              int in = literal.shape().get(transposed ? rank - 1 : rank - 2);
              int out = literal.shape().get(transposed ? rank - 2 : rank - 1);
              return checked(
                  graph,
                  new KernelProduct(
                      node.input(), node.inputs().get(1), literal, transposed, in, out));
            });
  }

  private static boolean isOneMatrix(Literal literal) {
    List<Integer> outer = literal.shape().subList(0, literal.shape().size() - 2);
    return outer.stream().allMatch(length -> length == 1);
  }

  /**
   * Returns the product of an Einsum whose data has labels {@code P + C} and whose kernel has
   * {@code C + O} or, for one label each, {@code O + C}, with the output {@code P + O}.
   */
  private static Optional<KernelProduct> ofEinsum(OpGraph graph, Node node, int dataInput) {
    Optional<Literal> literal = graph.node(node.inputs().get(1 - dataInput)).literal();
    Optional<EinsumEquation> equation = EinsumEquation.of(node.attributes().text("equation"));
    if (literal.isEmpty() || equation.isEmpty()) {
      return Optional.empty();
    }
    String data = equation.get().input(dataInput);
    String kernel = equation.get().input(1 - dataInput);
    String result = equation.get().output();
    int kept = EinsumEquation.commonPrefix(data, result);
    String contracted = data.substring(kept);
    String made = result.substring(kept);
    boolean straight = kernel.equals(contracted + made);
    boolean transposed =
        contracted.length() == 1 && made.length() == 1 && kernel.equals(made + contracted);
    if (kept == 0 || contracted.isEmpty() || !(straight || transposed)) {
      return Optional.empty();
    }
    List<Integer> shape = literal.get().shape();
    int split = transposed ? 1 : contracted.length();
    int first = product(shape.subList(0, split));
    int second = product(shape.subList(split, shape.size()));
    return checked(
        graph,
        new KernelProduct(
            node.inputs().get(dataInput),
            node.inputs().get(1 - dataInput),
            literal.get(),
            transposed,
            transposed ? second : first,
            transposed ? first : second));
  }

  private static Optional<KernelProduct> checked(OpGraph graph, KernelProduct product) {
    Node data = graph.node(product.data);
    boolean rows =
        !data.is(Node.CONSTANT)
            && data.shape()
                .filter(shape -> !shape.isEmpty() && product(shape) % product.in == 0)
                .isPresent();
    return Optional.of(product).filter(found -> rows);
  }

  private static int product(List<Integer> lengths) {
    return lengths.stream().reduce(1, (a, b) -> a * b);
  }

  /** Returns the weights of shape {@code [in, out]}, in another shape of the same order. */
  Literal matrix(List<Integer> shape) {
    if (!transposed) {
      return new Literal(shape, weights.elements());
    }
    double[] elements = new double[in * out];
    for (int i = 0; i < elements.length; i++) {
      elements[i % in * out + i / in] = weights.elements()[i];
    }
    return new Literal(shape, elements);
  }
}
