package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;

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

  static final String FIRST = "SpaceToBatchND";
  static final String LAST = "BatchToSpaceND";

  private static final Set<String> CONVOLUTIONS = Set.of("Conv2D", "DepthwiseConv2dNative");

  /** What treats each element by itself and leaves 0 as it is. */
  private static final Set<String> ELEMENTWISE = Set.of(Node.QUANTIZE, "Relu", "Relu6", "Reshape");

  private static final Set<String> BIASES = Set.of("Add", "AddV2", "BiasAdd");

  private static final String REMEDY =
      "let one convolution without strides and with VALID padding stand between SpaceToBatchND and"
          + " BatchToSpaceND of one block shape, or give Conv2D dilations";

  /** Thrown where something else stands between the two ops than a dilated convolution. */
  static final class OtherwiseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final String remedy;

    OtherwiseException(String reason, String remedy) {
      super(reason);
      this.reason = reason;
      this.remedy = remedy;
    }

    String reason() {
      return reason;
    }

    String remedy() {
      return remedy;
    }
  }

  /**
   * Returns what ends with a BatchToSpaceND.
   *
   * @throws OtherwiseException if it is something else
   */
  static SpacedConvolution of(Map<String, Node> nodes, Node last) {
    List<Node> after = new ArrayList<>();
    Node node = node(nodes, last.input());
    while (ELEMENTWISE.contains(node.type()) || BIASES.contains(node.type())) {
      after.add(0, node);
      node = node(nodes, node.inputs().get(data(nodes, node)));
    }
    Node convolution = node;
    if (!CONVOLUTIONS.contains(convolution.type())) {
      throw other(convolution, "is no convolution");
    }
    List<Node> before = new ArrayList<>();
    node = node(nodes, convolution.input());
    while (ELEMENTWISE.contains(node.type())) {
      before.add(0, node);
      node = node(nodes, node.input());
    }
    if (!node.is(FIRST)) {
      throw other(node, "stands before the convolution %s".formatted(convolution.op()));
    }
    SpacedConvolution spaced = new SpacedConvolution(nodes, node, before, convolution, after, last);
    spaced.requirePlainConvolution();
    return spaced;
  }

  private static OtherwiseException other(Node found, String what) {
    return new OtherwiseException(
        "what it puts together is not one convolution, because %s (%s) %s"
            .formatted(found.op(), found.type(), what),
        REMEDY);
  }

  private static Node node(Map<String, Node> nodes, String id) {
    @Nullable Node node = nodes.get(id);
    if (node == null) {
      throw new OtherwiseException("it reads %s, a further output of an op".formatted(id), REMEDY);
    }
    return node;
  }

  /** Returns at which input an op reads data: the other one, of a sum, is a vector of constants. */
  private static int data(Map<String, Node> nodes, Node node) {
    if (!BIASES.contains(node.type())) {
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
    throw new OtherwiseException(
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
      throw new OtherwiseException(
          "it has the block shape %s, and %s has %s"
              .formatted(blocks(last), first.op(), blocks(first)),
          REMEDY);
    }
  }

  private List<Integer> blocks(Node node) {
    return integers(node, 1, "block shape");
  }

  private List<Integer> integers(Node node, int input, String what) {
    return node(nodes, node.inputs().get(input))
        .literal()
        .map(Literal::integers)
        .orElseThrow(
            () ->
                new OtherwiseException(
                    "the %s of %s (%s) is computed from what the model is fed"
                        .formatted(what, node.op(), node.type()),
                    "build the graph to compile with a placeholder whose sizes are known but for"
                        + " the batch"));
  }

  /** Returns the nodes of the dilated convolution; the last has the id of the BatchToSpaceND. */
  List<Node> dilated() {
    List<Integer> shape = shape(last);
    Optional<Integer> unit = unitAxis();
    List<Node> chain = new ArrayList<>(before);
    chain.add(convolution);
    chain.addAll(after);
    List<Node> made = new ArrayList<>();
    Node source = node(nodes, first.input());
    List<Integer> image = shape(source);
    String read = source.id();
    boolean inImage = unit.isEmpty();
    for (int i = 0; i < chain.size(); i++) {
      Node node = chain.get(i);
      boolean convolves = i == before.size();
      if (convolves) {
        image = shape;
      } else if (node.is("Reshape")) {
        inImage = !inImage;
      }
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.set(data(nodes, node), read);
      String id =
          i == chain.size() - 1
              ? last.id()
              // A fake quant before the convolution rounds what the first op reads.
              : free((i < before.size() && node.is(Node.QUANTIZE) ? read : node.id() + "'") + "'");
      made.add(
          new Node(
              id,
              node.op(),
              node.type(),
              inputs,
              Optional.of(inImage && unit.isPresent() ? withUnit(image, unit.get()) : image),
              convolves ? attributes(unit) : node.payload()));
      read = id;
    }
    return made;
  }

  private String free(String id) {
    String free = id;
    while (nodes.containsKey(free)) {
      free += "'";
    }
    return free;
  }

  private static List<Integer> shape(Node node) {
    return node.shape()
        .orElseThrow(
            () ->
                new OtherwiseException(
                    "the shape of %s (%s) is not known when the graph is built"
                        .formatted(node.op(), node.type()),
                    "let the batch alone be unknown, in the placeholder's shape and behind it"));
  }

  /** Returns the axis of one element that a convolution's image has and {@link #first} has not. */
  private Optional<Integer> unitAxis() {
    long reshapesBefore = before.stream().filter(node -> node.is("Reshape")).count();
    long reshapesAfter = after.stream().filter(node -> node.is("Reshape")).count();
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

  private static List<Integer> withUnit(List<Integer> shape, int axis) {
    List<Integer> image = new ArrayList<>(shape);
    image.add(Math.min(axis, shape.size()), 1);
    return image;
  }

  private Attributes attributes(Optional<Integer> unit) {
    List<Integer> blocks = blocks(first);
    List<Integer> paddings = integers(first, 2, "padding");
    List<Integer> crops = integers(last, 2, "crop");
    Long[] dilations = {1L, 1L, 1L, 1L};
    Long[] explicit = {0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L};
    for (int i = 0; i < blocks.size(); i++) {
      // The axis of the image, behind the batch.
      int axis = 1 + (unit.isPresent() && i >= unit.get() ? i + 1 : i);
      int padBefore = paddings.get(2 * i) - crops.get(2 * i);
      int padAfter = paddings.get(2 * i + 1) - crops.get(2 * i + 1);
      boolean channels = axis == 3;
      if (padBefore < 0 || padAfter < 0 || (channels && blocks.get(i) != 1)) {
        throw new OtherwiseException(
            "it crops %s of what %s pads %s, with blocks %s"
                .formatted(crops, first.op(), paddings, blocks),
            "crop no more than was padded, and let the blocks be of rows and columns");
      }
      dilations[axis] = (long) blocks.get(i);
      explicit[2 * axis] = (long) padBefore;
      explicit[2 * axis + 1] = (long) padAfter;
    }
    return convolution
        .attributes()
        .with(
            Map.of("dilations", List.of(dilations), "explicit_paddings", List.of(explicit)),
            Map.of("padding", "EXPLICIT"));
  }
}
