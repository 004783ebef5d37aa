package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * A convolution between a SpaceToBatchND and a BatchToSpaceND.
 *
 * <pre>{@code
 * SpaceToBatchND ─▶ Quantize ─▶ Conv2D ─▶ BiasAdd ─▶ Relu ─▶ BatchToSpaceND
 *     first           before  convolution └──── after ────┘       last
 * }</pre>
 *
 * @param nodes the nodes of the graph up to {@code last}, by their ids
 * @param before the ops between {@code first} and the convolution
 * @param after the ops between the convolution and {@code last}
 */
record SpacedConvolution(
    Map<String, Node> nodes,
    Node first,
    List<Node> before,
    Node convolution,
    List<Node> after,
    Node last) {

  private static final String REMEDY =
      "let one convolution without strides and with VALID padding stand between SpaceToBatchND and"
          + " BatchToSpaceND of one block shape, or give Conv2D dilations";

  /**
   * Returns the convolution that ends with a BatchToSpaceND.
   *
   * @throws NotDilatedException if the ops are not a convolution between the two
   */
  static SpacedConvolution of(Map<String, Node> nodes, Node last) {
    List<Node> after = new ArrayList<>();
    Node node = node(nodes, last.input());
    while (isElementwise(node) || node.role().addsBias()) {
      after.add(0, node);
      node = node(nodes, node.inputs().get(data(nodes, node)));
    }
    Node convolution = node;
    if (convolution.role() != OpRole.CONVOLUTION) {
      throw other(convolution, "is no convolution");
    }
    List<Node> before = new ArrayList<>();
    node = node(nodes, convolution.input());
    while (isElementwise(node)) {
      before.add(0, node);
      node = node(nodes, node.input());
    }
    if (!node.is(OpKind.SPACE_TO_BATCH_ND)) {
      throw other(node, "stands before the convolution %s".formatted(convolution.op()));
    }
    SpacedConvolution spaced = new SpacedConvolution(nodes, node, before, convolution, after, last);
    spaced.requirePlainConvolution();
    return spaced;
  }

  /** Returns whether an op treats each element by itself and leaves 0 as it is. */
  private static boolean isElementwise(Node node) {
    return node.is(Node.QUANTIZE) || node.role() == OpRole.ACTIVATION || node.is(OpKind.RESHAPE);
  }

  private static NotDilatedException other(Node found, String what) {
    return new NotDilatedException(
        "what it puts together is not one convolution, because %s (%s) %s"
            .formatted(found.op(), found.type(), what),
        REMEDY);
  }

  private static Node node(Map<String, Node> nodes, String id) {
    @Nullable Node node = nodes.get(id);
    if (node == null) {
      throw new NotDilatedException("it reads %s, a further output of an op".formatted(id), REMEDY);
    }
    return node;
  }

  /** Returns the node of an id. */
  Node node(String id) {
    return node(nodes, id);
  }

  /** Returns the input at which an op reads data. */
  int data(Node node) {
    return data(nodes, node);
  }

  /**
   * Returns the input at which an op reads data. The other input of a sum is a vector of constants.
   */
  private static int data(Map<String, Node> nodes, Node node) {
    if (!node.role().addsBias()) {
      return 0;
    }
    for (int input = 1; input >= 0; input--) {
      Node addend = node(nodes, node.inputs().get(input));
      boolean alongChannels =
          addend.literal().filter(Literal::isVector).isPresent()
              && !node.attributes().text("data_format").startsWith("NC");
      if (alongChannels) {
        return 1 - input;
      }
    }
    throw new NotDilatedException(
        "%s (%s) before it adds what is no vector along the channels"
            .formatted(node.op(), node.type()),
        "add it after BatchToSpaceND");
  }

  private void requirePlainConvolution() {
    Attributes attributes = convolution.attributes();
    boolean plain =
        attributes.text("padding").equals("VALID")
            && attributes.text("data_format").equals("NHWC")
            && attributes.numbers("strides").stream().allMatch(stride -> stride == 1)
            && attributes.numbers("dilations").stream().allMatch(dilation -> dilation == 1);
    if (!plain) {
      throw other(
          convolution,
          "has padding %s, strides %s, dilations %s and data format %s"
              .formatted(
                  attributes.text("padding"),
                  attributes.numbers("strides"),
                  attributes.numbers("dilations"),
                  attributes.text("data_format")));
    }
    if (!blocks(first).equals(blocks(last))) {
      throw new NotDilatedException(
          "it has the block shape %s, and %s has %s"
              .formatted(blocks(last), first.op(), blocks(first)),
          REMEDY);
    }
  }

  List<Integer> blocks(Node node) {
    return integers(node, 1, "block shape");
  }

  List<Integer> integers(Node node, int input, String what) {
    return node(nodes, node.inputs().get(input))
        .literal()
        .map(Literal::integers)
        .orElseThrow(
            () ->
                new NotDilatedException(
                    "the %s of %s (%s) is computed from what the model is fed"
                        .formatted(what, node.op(), node.type()),
                    "build the graph to compile with a placeholder whose sizes are known but for"
                        + " the batch"));
  }

  static List<Integer> shape(Node node) {
    return node.shape()
        .orElseThrow(
            () ->
                new NotDilatedException(
                    "the shape of %s (%s) is not known when the graph is built"
                        .formatted(node.op(), node.type()),
                    "let the batch alone be unknown, in the placeholder's shape and behind it"));
  }

  /**
   * Returns the axis of one element that a convolution's image has and {@link #first} does not
   * have.
   */
  Optional<Integer> unitAxis() {
    long reshapesBefore = before.stream().filter(node -> node.is(OpKind.RESHAPE)).count();
    long reshapesAfter = after.stream().filter(node -> node.is(OpKind.RESHAPE)).count();
    if (reshapesBefore == 0 && reshapesAfter == 0) {
      return Optional.empty();
    }
    List<Integer> image = shape(convolution);
    List<Integer> read = shape(node(nodes, convolution.input()));
    List<Integer> kernel =
        node(nodes, convolution.inputs().get(1)).literal().map(Literal::shape).orElse(List.of());
    return IntStream.range(0, 2)
        .filter(
            axis ->
                reshapesBefore == 1
                    && reshapesAfter == 1
                    && kernel.size() == 4
                    && kernel.get(axis) == 1
                    && withUnit(shape(first), axis).equals(read)
                    && withUnit(shape(node(nodes, last.input())), axis).equals(image))
        .boxed()
        .findFirst()
        .or(
            () -> {
              throw other(convolution, "reads and is read in other shapes");
            });
  }

  static List<Integer> withUnit(List<Integer> shape, int axis) {
    List<Integer> image = new ArrayList<>(shape);
    image.add(Math.min(axis, shape.size()), 1);
    return image;
  }
}
