package org.slimquant.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.slimquant.runtime.gradient.ConvolutionSpec;
import org.slimquant.runtime.gradient.TrainableForms;
import org.slimquant.runtime.graph.NativeGraph;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationAttributeInspector;
import org.tensorflow.ndarray.Shape;

/**
 * Finds the ops that a graph trains through and whose gradient in TensorFlow's C++ library is
 * wrong.
 *
 * <pre>{@code
 * variable ─▶ MatMul ─▶ LogSoftmax ─▶ Mean ─▶ gradients/OnesLike      LogSoftmax is trained through
 * variable ─▶ MatMul ─▶ LogSoftmax ─▶ output                          no loss is computed from it
 * }</pre>
 *
 * <p>A graph trains through an op that a variable flows into and a loss is computed from. A loss is
 * a tensor with which a backward pass begins: the pass has an OnesLike of it. If all passes begin
 * with a gradient that the caller gave, every op counts as one that a loss is computed from.
 *
 * <p>The rules were found by comparing gradients with differences of the ops' outputs. Ops without
 * a gradient are not listed: TensorFlow refuses to add one.
 */
final class WrongGradients {

  private static final Set<String> VARIABLES = Set.of("VarHandleOp", "Variable", "VariableV2");

  private WrongGradients() {}

  /**
   * Returns the ops, in the order of their making.
   *
   * @param backward recognizes the ops of backward passes
   */
  static List<WrongGradient> find(Graph graph, Predicate<GraphOperation> backward) {
    List<GraphOperation> forward = new ArrayList<>();
    List<GraphOperation> losses = new ArrayList<>();
    boolean trains = false;
    for (var operations = graph.operations(); operations.hasNext(); ) {
      GraphOperation operation = operations.next();
      if (!backward.test(operation)) {
        forward.add(operation);
        continue;
      }
      trains = true;
      if (operation.type().equals("OnesLike")) {
        GraphOperation loss = (GraphOperation) operation.input(0).op();
        if (!backward.test(loss)) {
          losses.add(loss);
        }
      }
    }
    if (!trains) {
      return List.of();
    }
    Set<GraphOperation> trained = trained(losses.isEmpty() ? forward : losses);
    return forward.stream()
        .filter(trained::contains)
        .flatMap(operation -> wrong(operation, trained).stream())
        .toList();
  }

  /** Returns the ops between variables and losses. */
  private static Set<GraphOperation> trained(List<GraphOperation> losses) {
    Set<GraphOperation> above = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(losses);
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (!operation.type().equals("StopGradient") && above.add(operation)) {
        for (int i = 0; i < operation.numInputs(); i++) {
          open.push((GraphOperation) operation.input(i).op());
        }
      }
    }
    Set<GraphOperation> between = new HashSet<>();
    above.stream().filter(operation -> VARIABLES.contains(operation.type())).forEach(open::push);
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (above.contains(operation) && between.add(operation)) {
        IntStream.range(0, operation.numOutputs())
            .mapToObj(operation::output)
            .flatMap(output -> NativeGraph.readers(output).stream())
            .forEach(edge -> open.push(edge.reader()));
      }
    }
    return between;
  }

  private static Optional<WrongGradient> wrong(
      GraphOperation operation, Set<GraphOperation> trained) {
    return switch (operation.type()) {
      case "Conv2D", "DepthwiseConv2dNative" -> convolution(operation);
      case "MaxPool" ->
          when(
              TrainableForms.needsForm(operation),
              operation,
              "TensorFlow's fails for explicit paddings",
              "build it in a @QuantInt8 method and read what the method returns, or put a PadV2"
                  + " before it");
      case "LogSoftmax" ->
          when(
              isNoMatrix(operation.input(0).shape()),
              operation,
              "TensorFlow's is that of a matrix, and it reads %s"
                  .formatted(operation.input(0).shape()),
              "reshape what it reads to a matrix, and what it computes back");
      case "LRN" ->
          when(
              !hasDefaults(operation.attributes()),
              operation,
              "TensorFlow's is that of the default attributes",
              "give it the default attributes, or build it from other ops");
      case "Atan2" ->
          when(
              IntStream.of(0, 1)
                  .anyMatch(
                      i ->
                          trained.contains((GraphOperation) operation.input(i).op())
                              && isBroadcast(operation, i)),
              operation,
              "TensorFlow's does not sum over what is broadcast, and it reads %s and %s"
                  .formatted(operation.input(0).shape(), operation.input(1).shape()),
              "give both inputs one shape, by BroadcastTo before it");
      case "SoftmaxCrossEntropyWithLogits" ->
          when(
              isBroadcast(operation, 0) || isBroadcast(operation, 1),
              operation,
              "TensorFlow's is wrong where an input is broadcast, and it reads %s and %s"
                  .formatted(operation.input(0).shape(), operation.input(1).shape()),
              "give logits and labels one shape, by BroadcastTo before it");
      case "PartitionedCall", "StatefulPartitionedCall" ->
          when(
              true,
              operation,
              "TensorFlow computes those within a function in another way, which ignores dilations,"
                  + " for example",
              "build the ops of the function in the graph itself");
      default -> Optional.empty();
    };
  }

  private static Optional<WrongGradient> when(
      boolean wrong, GraphOperation operation, String fault, String remedy) {
    return wrong
        ? Optional.of(new WrongGradient(operation.name(), operation.type(), fault, remedy))
        : Optional.empty();
  }

  private static Optional<WrongGradient> convolution(GraphOperation operation) {
    ConvolutionSpec convolution = ConvolutionSpec.of(operation);
    String fault =
        convolution.isDilated()
            ? "TensorFlow's ignores its dilations"
            : convolution.isExplicit()
                ? "TensorFlow's fails for explicit paddings"
                : convolution.isOneToOne()
                    ? "TensorFlow's is wrong from one channel to one channel where oneDNN is on"
                    : "TensorFlow's fails for groups of channels where oneDNN is off";
    String form =
        convolution.isDilated()
            ? "write it as SpaceToBatchND, %s and BatchToSpaceND".formatted(operation.type())
            : convolution.isExplicit()
                ? "put a Pad before it"
                : convolution.isOneToOne()
                    ? "let it compute two channels, and slice one"
                    : "write it as Split, Conv2D and ConcatV2";
    return when(
        TrainableForms.needsForm(operation),
        operation,
        fault,
        "build it in a @QuantInt8 method and read what the method returns, or " + form);
  }

  private static boolean isNoMatrix(Shape shape) {
    return !shape.isUnknown() && shape.numDimensions() != 2;
  }

  private static boolean hasDefaults(OperationAttributeInspector attributes) {
    return attributes.getAttrInt("depth_radius") == 5
        && attributes.getAttrFloat("bias") == 1
        && attributes.getAttrFloat("alpha") == 1
        && attributes.getAttrFloat("beta") == 0.5f;
  }

  /**
   * Returns whether an op broadcasts one of its two inputs to the shape of the other, if both are
   * known.
   */
  private static boolean isBroadcast(GraphOperation operation, int input) {
    Shape shape = operation.input(input).shape();
    Shape other = operation.input(1 - input).shape();
    if (shape.isUnknown() || other.isUnknown()) {
      return false;
    }
    int rank = shape.numDimensions();
    int missing = other.numDimensions() - rank;
    return missing > 0
        || IntStream.range(-missing, rank)
            .anyMatch(axis -> shape.get(axis) == 1 && other.get(axis + missing) != 1);
  }
}
