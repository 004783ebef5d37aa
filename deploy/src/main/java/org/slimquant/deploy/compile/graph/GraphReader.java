package org.slimquant.deploy.compile.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.runtime.gradient.TrainableForm;
import org.slimquant.runtime.graph.OpKind;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationAttributeInspector;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Reads the ops that outputs need from TensorFlow's graph, once. Losses, gradients and optimizers
 * are not read, because the walk starts at the outputs. In place of a {@link TrainableForm}, the op
 * of the model is read:
 *
 * <pre>{@code
 * x ─┬─▶ Conv2D, dilations 2                                               TensorFlow's graph
 *    └─▶ SpaceToBatchND ─▶ Conv2D ─▶ BatchToSpaceND ─▶ BiasAdd
 *
 * x ─▶ Conv2D, dilations 2 ─▶ BiasAdd                                      the graph that is read
 * }</pre>
 */
public final class GraphReader {

  private GraphReader() {}

  /**
   * Returns the graph between inputs and outputs.
   *
   * @param inputs the tensors that the model is given; the ops that compute them are not read
   * @throws IllegalArgumentException if no output depends on an input, or an output on no input
   */
  public static OpGraph read(List<Output<?>> inputs, List<Output<?>> lasts) {
    List<Output<?>> outputs = new ArrayList<>();
    lasts.forEach(last -> outputs.add(original(last)));
    Map<String, Node> nodes = new LinkedHashMap<>();
    Deque<GraphOperation> open = new ArrayDeque<>();
    Set<Output<?>> found = new HashSet<>();
    for (Output<?> output : outputs) {
      found.add(output);
      open.add((GraphOperation) output.op());
    }
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (!nodes.containsKey(operation.name())) {
        Node node = node(operation);
        nodes.put(node.id(), node);
        for (int i = 0; i < operation.numInputs(); i++) {
          Output<?> read = original(operation.input(i));
          found.add(read);
          if (!inputs.contains(read)) {
            requireNoOther(inputs, read, operation);
            open.push((GraphOperation) read.op());
          }
        }
      }
    }
    for (Output<?> input : inputs) {
      if (!found.contains(input)) {
        throw ModelInput.reachesNone(input, outputs, nodes.values());
      }
      // The id is the tensor's name, which readers find first: its op may have other outputs.
      Node given = given(input);
      nodes.put(given.id(), given);
    }
    OpGraph graph =
        OpGraph.of(
            nodes.values(),
            inputs.stream().map(GraphReader::id).toList(),
            outputs.stream().map(GraphReader::id).toList());
    requireInputs(graph);
    return graph;
  }

  private static Node given(Output<?> input) {
    return new Node(
        id(input),
        input.op().name(),
        Node.INPUT,
        List.of(),
        exampleShape(input.shape()),
        Attributes.ofInput(input.op().type()));
  }

  /** Checks that a tensor is no other output of an op that computes an input. */
  private static void requireNoOther(
      List<Output<?>> inputs, Output<?> read, GraphOperation reader) {
    for (Output<?> input : inputs) {
      if (read.op().equals(input.op())) {
        throw new IllegalArgumentException(
            "the inputs of a model must be all that it is given, but %s reads %s beside %s; list both as inputs, or give an input behind them, which is computed from both"
                .formatted(reader.name(), id(read), id(input)));
      }
    }
  }

  private static void requireInputs(OpGraph graph) {
    for (String output : graph.outputs()) {
      Set<Node> above = graph.above(graph.node(output), node -> true);
      if (above.stream().noneMatch(node -> node.is(Node.INPUT))) {
        throw ModelInput.dependsOnNone(output, above);
      }
    }
  }

  private static Node node(GraphOperation operation) {
    return new Node(
        operation.name(),
        operation.name(),
        operation.type(),
        IntStream.range(0, operation.numInputs())
            .mapToObj(i -> id(original(operation.input(i))))
            .toList(),
        operation.numOutputs() == 0 ? Optional.empty() : exampleShape(operation.output(0).shape()),
        attributes(operation));
  }

  /**
   * Returns the tensor to read. If a tensor is the output of a {@link TrainableForm}, this is the
   * output of the model's op, which computes the same; otherwise it is the tensor itself.
   */
  private static Output<?> original(Output<?> tensor) {
    return TrainableForm.original((GraphOperation) tensor.op())
        .<Output<?>>map(operation -> operation.output(tensor.index()))
        .orElse(tensor);
  }

  public static String id(Output<?> tensor) {
    String op = tensor.op().name();
    return tensor.index() == 0 ? op : op + ":" + tensor.index();
  }

  /** Returns the dimensions after the batch, if all are known and none is empty. */
  public static Optional<List<Integer>> exampleShape(Shape shape) {
    if (shape.isUnknown() || shape.numDimensions() == 0) {
      return Optional.empty();
    }
    long[] dimensions = shape.asArray();
    long[] example = Arrays.copyOfRange(dimensions, 1, dimensions.length);
    return Arrays.stream(example).allMatch(n -> n > 0 && n <= Integer.MAX_VALUE)
        ? Optional.of(Arrays.stream(example).mapToObj(Math::toIntExact).toList())
        : Optional.empty();
  }

  private static Attributes attributes(GraphOperation operation) {
    Map<String, List<Long>> numbers = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, Boolean> flags = new LinkedHashMap<>();
    for (String name : OpKind.of(operation.type()).attributes()) {
      OperationAttributeInspector attributes = operation.attributes();
      switch (name) {
        case "padding", "data_format", "mode", "equation" ->
            texts.put(name, attributes.getAttrString(name));
        case "num_bits",
            "axis",
            "num_split",
            "block_size",
            "begin_mask",
            "end_mask",
            "ellipsis_mask",
            "new_axis_mask",
            "shrink_axis_mask" ->
            numbers.put(name, List.of(attributes.getAttrInt(name)));
        case "strides", "dilations", "explicit_paddings", "ksize" ->
            numbers.put(name, Arrays.stream(attributes.getAttrIntList(name)).boxed().toList());
        default -> flags.put(name, attributes.getAttrBool(name));
      }
    }
    return new Attributes(numbers, texts, flags);
  }
}
