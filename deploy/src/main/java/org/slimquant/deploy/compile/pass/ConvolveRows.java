package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;

/**
 * Writes a product of each row of data with a kernel as a convolution of one pixel, as in the dense
 * layers of a transformer.
 *
 * <pre>{@code
 * x [rows, in] ─▶ BatchMatMulV2 ─▶                                            before
 * kernel [in, out] ─▲
 *
 * x ─▶ Reshape [rows, 1, in] ─▶ Conv2D ─▶ Reshape [rows, out] ─▶              after
 * kernel [1, 1, in, out] ─────────▲
 *
 * x [in] ─▶ Einsum ab,bc->ac ─▶                                               before
 * x [in] ─▶ MatMul ─▶                                                         after
 * }</pre>
 *
 * <p>An Einsum of two tensors of data becomes a BatchMatMul, if its labels say the same. What
 * cannot be written so is refused where it is matched.
 */
public final class ConvolveRows implements Pass {

  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<KernelProduct> product = KernelProduct.of(graph, node);
      if (product.isPresent()) {
        nodes.addAll(nodes(graph, node, product.get()));
      } else {
        nodes.add(MatrixLabels.of(graph, node).map(labels -> labels.product(node)).orElse(node));
      }
    }
    return graph.with(nodes);
  }

  private static List<Node> nodes(OpGraph graph, Node node, KernelProduct product) {
    Node data = graph.node(product.data());
    Node kernel = graph.node(product.kernel());
    List<Integer> from = data.shape().orElseThrow();
    List<Integer> to = node.shape().orElseThrow();
    int in = product.in();
    int out = product.out();
    boolean vector = from.equals(List.of(in)) && to.equals(List.of(out));
    Node matrix =
        new Node(
            new Added("%s''%s".formatted(kernel.id(), node.id()), 0),
            kernel.op(),
            Node.CONSTANT,
            List.of(),
            Optional.empty(),
            product.matrix(vector ? List.of(in, out) : List.of(1, 1, in, out)));
    if (vector) {
      return List.of(
          matrix,
          node.as(OpKind.MAT_MUL.type(), List.of(product.data(), matrix.id()), Attributes.NONE));
    }
    int rows = from.stream().reduce(1, (a, b) -> a * b) / in;
    Node image =
        new Node(
            new Added("%s''%s".formatted(data.id(), node.id()), 0),
            node.op(),
            OpKind.RESHAPE.type(),
            List.of(product.data()),
            Optional.of(List.of(rows, 1, in)),
            Attributes.NONE);
    Node convolution =
        new Node(
            new Added(node.id(), 2),
            node.op(),
            OpKind.CONV_2D.type(),
            List.of(image.id(), matrix.id()),
            Optional.of(List.of(rows, 1, out)),
            new Attributes(
                Map.of("strides", ONES, "dilations", ONES),
                Map.of("padding", "VALID", "data_format", "NHWC"),
                Map.of()));
    return List.of(
        matrix,
        image,
        convolution,
        node.as(OpKind.RESHAPE.type(), List.of(convolution.id()), Attributes.NONE));
  }
}
