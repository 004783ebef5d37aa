package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.GraphReader;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TensorShapeProto.Dim;

/**
 * Finds the shapes that TensorFlow leaves open as long as the number of examples is unknown.
 *
 * <pre>{@code
 * images [?, 4, 4, 3] ─▶ Shape ─▶ Slice ─▶ ConcatV2 ─┐
 * images ────────────────────────────────────────────┴─▶ Reshape [?, ?]          before
 *                                                        Reshape [?, 48]         after
 * }</pre>
 *
 * <p>While TensorFlow builds a graph, it computes a shape from the sizes of a tensor, through any
 * ops, if it knows all sizes. So the pass builds a copy of the graph for a batch of one size, and
 * another for a batch of another size. The dimensions that are the same in both do not depend on
 * the batch. If TensorFlow refuses to build a copy, because the graph is made for one size, its
 * shapes stay as they are.
 *
 * <p>Nothing is copied if all shapes are known already.
 */
public final class InferShapes implements Pass {

  private static final long[] BATCHES = {127, 131};

  private final Graph graph;
  private final List<Output<?>> inputs;

  /**
   * Creates the pass.
   *
   * @param inputs the tensors that the model is given
   */
  public InferShapes(Graph graph, List<Output<?>> inputs) {
    this.graph = graph;
    this.inputs = List.copyOf(inputs);
  }

  @Override
  public OpGraph apply(OpGraph opGraph, Refusals refusals) {
    if (!inputs.stream().allMatch(input -> isForAnyBatch(input.shape()))
        || opGraph.nodes().stream().noneMatch(this::isOpen)) {
      return opGraph;
    }
    List<Map<String, Shape>> shapes = new ArrayList<>();
    try {
      GraphDef needed = needed(opGraph);
      for (long batch : BATCHES) {
        shapes.add(shapes(needed, batch));
      }
    } catch (TFInvalidArgumentException madeForOneSize) {
      return opGraph;
    }
    return opGraph.with(
        opGraph.nodes().stream().map(node -> isOpen(node) ? settled(node, shapes) : node).toList());
  }

  private static boolean isForAnyBatch(Shape shape) {
    return !shape.isUnknown()
        && shape.numDimensions() > 0
        && shape.get(0) == Shape.UNKNOWN_SIZE
        && GraphReader.exampleShape(shape).isPresent();
  }

  /** Returns whether a node computes a tensor of examples whose shape is not known. */
  private boolean isOpen(Node node) {
    if (node.is(Node.INPUT) || node.shape().isPresent()) {
      return false;
    }
    GraphOperation operation = graph.operation(node.op());
    Shape shape = operation.numOutputs() == 0 ? Shape.scalar() : operation.output(0).shape();
    return shape.isUnknown() || shape.numDimensions() > 0;
  }

  private static Node settled(Node node, List<Map<String, Shape>> shapes) {
    List<Optional<List<Integer>>> examples =
        shapes.stream()
            .map(of -> of.getOrDefault(node.op(), Shape.unknown()))
            .map(GraphReader::exampleShape)
            .distinct()
            .toList();
    return examples.size() == 1 ? node.withShape(examples.get(0)) : node;
  }

  /** Returns TensorFlow's ops of a graph, without those of the inputs. */
  private GraphDef needed(OpGraph opGraph) {
    Set<String> names = new HashSet<>();
    opGraph.nodes().forEach(node -> names.add(node.op()));
    inputs.forEach(input -> names.remove(input.op().name()));
    GraphDef all = graph.toGraphDef();
    GraphDef.Builder needed =
        GraphDef.newBuilder().setVersions(all.getVersions()).setLibrary(all.getLibrary());
    for (NodeDef node : all.getNodeList()) {
      if (names.contains(node.getName())) {
        needed.addNode(withoutControl(node));
      }
    }
    return needed.build();
  }

  /** Neither the order of ops nor their device matters for shapes. */
  private NodeDef withoutControl(NodeDef node) {
    NodeDef.Builder copy = node.toBuilder().clearInput().clearDevice().removeAttr("_class");
    for (String read : node.getInputList()) {
      if (!read.startsWith("^")) {
        copy.addInput(
            inputs.stream()
                .filter(input -> GraphReader.id(input).equals(read))
                .findFirst()
                .map(InferShapes::placeholder)
                .orElse(read));
      }
    }
    return copy.build();
  }

  /** Returns the name of the placeholder in place of an input. */
  private static String placeholder(Output<?> input) {
    return input.index() == 0
        ? input.op().name()
        : "%s/output_%d".formatted(input.op().name(), input.index());
  }

  private Map<String, Shape> shapes(GraphDef needed, long batch) {
    GraphDef.Builder fed = needed.toBuilder();
    inputs.forEach(input -> fed.addNode(placeholder(input, batch)));
    Map<String, Shape> shapes = new HashMap<>();
    try (Graph copy = new Graph()) {
      copy.importGraphDef(fed.build());
      copy.operations()
          .forEachRemaining(
              operation -> {
                if (operation.numOutputs() > 0) {
                  shapes.put(operation.name(), operation.output(0).shape());
                }
              });
    }
    return shapes;
  }

  private static NodeDef placeholder(Output<?> input, long batch) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    long[] dimensions = input.shape().asArray();
    dimensions[0] = batch;
    for (long dimension : dimensions) {
      shape.addDim(Dim.newBuilder().setSize(dimension));
    }
    return NodeDef.newBuilder()
        .setName(placeholder(input))
        .setOp("Placeholder")
        .putAttr("dtype", AttrValue.newBuilder().setType(input.dataType()).build())
        .putAttr("shape", AttrValue.newBuilder().setShape(shape).build())
        .build();
  }
}
