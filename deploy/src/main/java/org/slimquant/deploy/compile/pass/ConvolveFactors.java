package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.match.Factors;
import org.slimquant.runtime.graph.OpKind;

/**
 * Writes a product of codes with constants as a depthwise convolution of one pixel, a quotient by
 * powers of two as a product, and a difference of data and constants as a sum.
 *
 * <pre>{@code
 * x [rows, columns, channels] ─▶ Mul ─▶ Quantize ─▶                          before
 *                          0.75 ──▲
 * x ─▶ DepthwiseConv2dNative ─▶ Quantize ─▶                                  after
 *
 * x [channels] ─▶ RealDiv 8 ─▶ Quantize ─▶                                   before
 * x ─▶ Reshape [1, 1, channels] ─▶ DepthwiseConv2dNative ─▶ Reshape ─▶       after
 *
 * x ─▶ Sub bias ─▶                                                           before
 * x ─▶ AddV2 -bias ─▶                                                        after
 * }</pre>
 *
 * <p>Only constants that have codes of 16 bits, in steps of powers of two, are factors of an
 * integer op: see {@link Factors}. A product that no fake quant rounds stays as it is.
 */
public final class ConvolveFactors implements Pass {

  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Grids grids = Grids.of(graph);
    Set<String> rounded = rounded(graph);
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<Literal> constant = constant(graph, node, 1);
      if (node.is(OpKind.SUB) && constant.isPresent()) {
        nodes.addAll(sum(graph, node, constant.get()));
        continue;
      }
      int data = node.is(OpKind.MUL) && constant.isEmpty() ? 1 : 0;
      Optional<Literal> factors = factors(graph, node, 1 - data);
      boolean convolves =
          factors.isPresent()
              && rounded.contains(node.id())
              && grids.of(node.inputs().get(data)).isPresent()
              && node.shape().isPresent()
              && node.shape().equals(graph.node(node.inputs().get(data)).shape())
              && isAlongChannels(factors.get(), node.shape().get());
      nodes.addAll(convolves ? convolution(graph, node, data, factors.get()) : List.of(node));
    }
    return graph.with(nodes);
  }

  /**
   * Returns the nodes that are rounded after ops that only clamp, add constants or move elements.
   */
  private static Set<String> rounded(OpGraph graph) {
    Set<String> rounded = new HashSet<>();
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      boolean passes =
          switch (node.role()) {
            case ACTIVATION, BIAS, MAXIMUM, PADDING, SHAPER -> rounded.contains(node.id());
            case SUM -> rounded.contains(node.id()) && readsConstant(graph, node);
            default ->
                node.is(Node.QUANTIZE) || (node.is(Node.CLAMP) && rounded.contains(node.id()));
          };
      if (passes) {
        node.inputs().forEach(input -> rounded.add(graph.node(input).id()));
      }
    }
    return rounded;
  }

  private static boolean readsConstant(OpGraph graph, Node node) {
    return node.inputs().stream().anyMatch(input -> graph.node(input).is(Node.CONSTANT));
  }

  private static Optional<Literal> constant(OpGraph graph, Node node, int input) {
    return node.inputs().size() == 2
        ? graph.node(node.inputs().get(input)).literal()
        : Optional.empty();
  }

  /** Returns the factors by which a node multiplies, if it is a product or an exact quotient. */
  private static Optional<Literal> factors(OpGraph graph, Node node, int input) {
    Optional<Literal> constant = constant(graph, node, input);
    if (node.is(OpKind.DIV) || node.is(OpKind.REAL_DIV)) {
      return constant
          .filter(literal -> Arrays.stream(literal.elements()).allMatch(Factors::isPowerOfTwo))
          .map(
              literal ->
                  new Literal(
                      literal.shape(),
                      Arrays.stream(literal.elements()).map(element -> 1 / element).toArray()));
    }
    return node.is(OpKind.MUL) ? constant : Optional.empty();
  }

  private static boolean isAlongChannels(Literal literal, List<Integer> shape) {
    return !shape.isEmpty()
        && literal.isVector()
        && (literal.elements().length == 1
            || literal.elements().length == shape.get(shape.size() - 1))
        && Factors.fit(literal.elements());
  }

  private static List<Node> sum(OpGraph graph, Node node, Literal constant) {
    Node read = graph.node(node.inputs().get(1));
    Node negative =
        new Node(
            new Added("%s''%s".formatted(read.id(), node.id()), 0),
            read.op(),
            Node.CONSTANT,
            List.of(),
            Optional.empty(),
            new Literal(
                constant.shape(),
                Arrays.stream(constant.elements()).map(element -> -element).toArray()));
    return List.of(
        negative,
        node.as(OpKind.ADD_V2.type(), List.of(node.input(), negative.id()), Attributes.NONE));
  }

  private static List<Node> convolution(OpGraph graph, Node node, int data, Literal factors) {
    List<Integer> shape = node.shape().orElseThrow();
    int channels = shape.get(shape.size() - 1);
    Node constant = graph.node(node.inputs().get(1 - data));
    double[] elements = new double[channels];
    Arrays.setAll(elements, i -> factors.elements()[factors.elements().length == 1 ? 0 : i]);
    List<Node> nodes = new ArrayList<>();
    Node kernel =
        new Node(
            new Added("%s''%s".formatted(constant.id(), node.id()), 0),
            constant.op(),
            Node.CONSTANT,
            List.of(),
            Optional.empty(),
            new Literal(List.of(1, 1, channels, 1), elements));
    nodes.add(kernel);
    String read = node.inputs().get(data);
    boolean image = shape.size() == 3;
    int rows = shape.stream().reduce(1, (a, b) -> a * b) / channels;
    if (!image) {
      Node reshape =
          new Node(
              new Added("%s''%s".formatted(graph.node(read).id(), node.id()), 0),
              node.op(),
              OpKind.RESHAPE.type(),
              List.of(read),
              Optional.of(List.of(rows, 1, channels)),
              Attributes.NONE);
      nodes.add(reshape);
      read = reshape.id();
    }
    Attributes attributes =
        new Attributes(
            Map.of("strides", ONES, "dilations", ONES),
            Map.of("padding", "VALID", "data_format", "NHWC"),
            Map.of(Factors.FLAG, true));
    List<String> inputs = List.of(read, kernel.id());
    if (image) {
      nodes.add(node.as(OpKind.DEPTHWISE_CONV_2D.type(), inputs, attributes));
      return nodes;
    }
    Node convolution =
        new Node(
            new Added(node.id(), 2),
            node.op(),
            OpKind.DEPTHWISE_CONV_2D.type(),
            inputs,
            Optional.of(List.of(rows, 1, channels)),
            attributes);
    nodes.add(convolution);
    nodes.add(node.as(OpKind.RESHAPE.type(), List.of(convolution.id()), Attributes.NONE));
    return nodes;
  }
}
