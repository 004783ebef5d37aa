package org.slimquant.deploy.compile.graph;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.runtime.gradient.TrainableForm;
import org.slimquant.runtime.graph.OpKind;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationAttributeInspector;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Reads the ops that an output needs from TensorFlow's graph, once. Losses, gradients and
 * optimizers are not read, because the walk starts at the output. In place of a {@link
 * TrainableForm}, the op of the model is read:
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
   * Returns the graph between two tensors.
   *
   * @param input the tensor that the model is given; the ops that compute it are not read
   * @throws IllegalArgumentException if the output does not depend on the input
   */
  public static OpGraph read(Output<?> input, Output<?> last) {
    Output<?> output = original(last);
    Map<String, Node> nodes = new LinkedHashMap<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) output.op()));
    Node given =
        new Node(
            id(input),
            input.op().name(),
            Node.INPUT,
            List.of(),
            exampleShape(input.shape()),
            Attributes.ofInput(input.op().type()));
    boolean found = output.equals(input);
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (!nodes.containsKey(operation.name())) {
        Node node = node(operation);
        nodes.put(node.id(), node);
        for (int i = 0; i < operation.numInputs(); i++) {
          Output<?> read = original(operation.input(i));
          if (read.equals(input)) {
            found = true;
          } else if (read.op().equals(input.op())) {
            throw new IllegalArgumentException(
                "a model must have one input, but %s reads %s beside %s; give an input behind them, which is computed from both"
                    .formatted(operation.name(), id(read), id(input)));
          } else {
            open.push((GraphOperation) read.op());
          }
        }
      }
    }
    if (!found) {
      throw new IllegalArgumentException(
          "the output must depend on the input, but %s does not depend on %s; %s"
              .formatted(id(output), id(input), ModelInput.remedy(input, output, nodes.values())));
    }
    // The id is the tensor's name, which readers find first: its op may have other outputs.
    nodes.put(given.id(), given);
    return OpGraph.of(nodes.values(), id(output), List.of());
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
        case "padding", "data_format", "mode" -> texts.put(name, attributes.getAttrString(name));
        case "num_bits",
            "axis",
            "num_split",
            "block_size",
            "begin_mask",
            "end_mask",
            "ellipsis_mask",
            "new_axis_mask",
            "shrink_axis_mask" -> numbers.put(name, List.of(attributes.getAttrInt(name)));
        case "strides", "dilations", "explicit_paddings", "ksize" ->
            numbers.put(name, Arrays.stream(attributes.getAttrIntList(name)).boxed().toList());
        default -> flags.put(name, attributes.getAttrBool(name));
      }
    }
    return new Attributes(numbers, texts, flags);
  }
}
