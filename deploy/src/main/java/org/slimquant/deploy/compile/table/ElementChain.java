package org.slimquant.deploy.compile.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.runtime.graph.ElementwiseOps;
import org.slimquant.runtime.graph.OpRole;

/**
 * Elementwise ops that compute a function of one tensor with codes.
 *
 * <pre>{@code
 * source ─┬─▶ AddV2 3 ─▶ Relu6 ─▶ Mul ─▶ last
 *         └────────────────────────▲
 * }</pre>
 *
 * @param source the node with codes
 * @param nodes the ops, each after those that it reads; the last one computes the function
 * @param constants the nodes of the constants that they read
 */
public record ElementChain(Node source, List<Node> nodes, List<Node> constants) {

  /** Creates a chain. */
  public ElementChain {
    nodes = List.copyOf(nodes);
    constants = List.copyOf(constants);
  }

  /**
   * Returns the chain that ends with a node; nothing if the node is no function of one tensor with
   * codes, or if its integer op needs no table: only clamps, or a sum or product of a tensor with
   * itself.
   */
  public static Optional<ElementChain> of(OpGraph graph, Grids grids, Node last) {
    Set<Node> above = graph.above(last, ElementChain::isElementwise);
    List<Node> nodes = new ArrayList<>();
    Set<Node> sources = new LinkedHashSet<>();
    List<Node> constants = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (above.contains(node)) {
        if (isElementwise(node)) {
          nodes.add(node);
        } else if (node.is(Node.CONSTANT) || node.role() == OpRole.WEIGHT) {
          constants.add(node);
        } else {
          sources.add(node);
        }
      }
    }
    if (sources.size() != 1 || nodes.stream().allMatch(ElementChain::isClamp)) {
      return Optional.empty();
    }
    Node source = sources.iterator().next();
    ElementChain chain = new ElementChain(source, nodes, constants);
    if (grids.of(source.id()).isEmpty() || !chain.keepsShape() || chain.isArithmetic()) {
      return Optional.empty();
    }
    return Optional.of(chain);
  }

  private static boolean isElementwise(Node node) {
    return ElementwiseOps.contains(node.type()) || node.is(Node.CLAMP);
  }

  private static boolean isClamp(Node node) {
    return node.role() == OpRole.ACTIVATION || node.is(Node.CLAMP);
  }

  /** Returns the op that computes the function. */
  public Node last() {
    return nodes.get(nodes.size() - 1);
  }

  /** Returns whether IEEE 754 defines the result of each op. */
  boolean isExact() {
    return nodes.stream()
        .allMatch(node -> node.is(Node.CLAMP) || ElementwiseOps.isExact(node.type()));
  }

  private boolean keepsShape() {
    return source.shape().equals(last().shape());
  }

  /** Returns whether it is a sum or a product of the source with itself: an integer op as it is. */
  private boolean isArithmetic() {
    OpRole role = nodes.get(0).role();
    return constants.isEmpty()
        && (role == OpRole.SUM || role == OpRole.ARITHMETIC)
        && nodes.stream().skip(1).allMatch(ElementChain::isClamp);
  }

  /**
   * Checks that each constant is one number.
   *
   * @throws RefusedException if a constant differs from element to element
   */
  void requireNumbers() {
    for (Node constant : constants) {
      if (constant.literal().filter(ElementChain::differs).isPresent()) {
        throw new RefusedException(
            reader(constant),
            "its constant %s differs from channel to channel, so it is no function of one number"
                .formatted(constant.op()),
            "let one number be the constant for all channels, one slope of a PReLU for example, or"
                + " fold a factor into the kernel and an offset into the bias of the layer before it");
      }
    }
  }

  private static boolean differs(Literal literal) {
    return Arrays.stream(literal.elements()).distinct().count() > 1;
  }

  private Node reader(Node constant) {
    return nodes.stream()
        .filter(node -> node.inputs().contains(constant.id()))
        .findFirst()
        .orElse(last());
  }
}
