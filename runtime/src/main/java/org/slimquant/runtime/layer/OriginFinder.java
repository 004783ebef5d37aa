package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.slimquant.plan.Origin;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.Variables;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Finds the origins of tensors.
 *
 * <p>Only properties that are the same in every graph of a model count: in graphs that calibrate,
 * probe, train or are deployed. Dropout and batch normalization have other ops in a graph that
 * trains, so only types of ops that they do not have are counted. A variable that the model does
 * not name has a number that depends on what is in the graph before it, so it has no name here, or
 * that of its scope.
 */
public final class OriginFinder {

  /** Ops that distinguish layers, besides kernel ops. */
  private static final Set<String> TELLING =
      Set.of(
          "AvgPool",
          "AvgPool3D",
          "Concat",
          "Elu",
          "LeakyRelu",
          "MaxPool",
          "MaxPool3D",
          "Relu",
          "Relu6",
          "Selu",
          "Sigmoid",
          "Softmax",
          "Softplus",
          "Tanh");

  private static final Pattern VERSION = Pattern.compile("(.+?)V\\d+");

  /** The names of variables and constants to which the model gave no name. */
  private static final Pattern UNNAMED =
      Pattern.compile("(?:(.*)/)?(Const|VarHandleOp|Variable)(?:_\\d+)?");

  private final KernelFinder kernelFinder;

  public OriginFinder(KernelFinder kernelFinder) {
    this.kernelFinder = kernelFinder;
  }

  /** Returns the origin of the kernel that is read over an edge. */
  public Origin kernel(Edge kernel) {
    return new Origin(
        weights(kernel),
        List.of(withoutVersion(kernel.reader().type())),
        dimensions(kernel.source().shape()));
  }

  /** Returns the origin of the output of a layer. */
  public Origin output(LayerCall call, Output<?> output) {
    return new Origin(weightsBefore(output), tellingOps(call, output), dimensions(output.shape()));
  }

  /** Returns the origin of an input of a layer, which may be fed in any shape. */
  public Origin input(Output<?> tensor) {
    return new Origin(weightsBefore(tensor), List.of(), List.of());
  }

  private static List<Long> dimensions(Shape shape) {
    return shape.isUnknown() ? List.of() : LongStream.of(shape.asArray()).boxed().toList();
  }

  /** Returns the types of the ops of the layer that its output is computed from. */
  private static List<String> tellingOps(LayerCall call, Output<?> output) {
    Set<GraphOperation> own = new HashSet<>(call.operations());
    Set<String> types = new TreeSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) output.op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (own.remove(operation)) {
        if (SiteName.parse(operation.name()).isEmpty()) {
          types.add(withoutVersion(operation.type()));
        }
        pushInputs(operation, open);
      }
    }
    types.retainAll(TELLING);
    return List.copyOf(types);
  }

  private static String withoutVersion(String type) {
    Matcher version = VERSION.matcher(type);
    return version.matches() ? version.group(1) : type;
  }

  /**
   * Returns the weights of the kernel op that a tensor is computed from, the nearest along the
   * first inputs of ops.
   */
  private Optional<Weights> weightsBefore(Output<?> tensor) {
    Set<GraphOperation> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) tensor.op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (seen.add(operation)) {
        Optional<Edge> kernel = kernelFinder.kernelOf(operation);
        if (kernel.isPresent()) {
          return weights(kernel.get());
        }
        pushInputs(operation, open);
      }
    }
    return Optional.empty();
  }

  /** Returns the nearest weights that a kernel is computed from and that are as large. */
  private static Optional<Weights> weights(Edge kernel) {
    Shape shape = kernel.source().shape();
    Set<GraphOperation> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>();
    open.add((GraphOperation) kernel.source().op());
    Optional<Weights> constant = Optional.empty();
    while (!open.isEmpty()) {
      GraphOperation operation = open.remove();
      if (!seen.add(operation)) {
        continue;
      }
      boolean asLarge =
          operation.numOutputs() == 1 && operation.output(0).shape().size() == shape.size();
      if (asLarge && Variables.isRead(operation)) {
        return named(operation.input(0).op().name(), false);
      } else if (asLarge && Variables.isReference(operation)) {
        return named(operation.name(), false);
      } else if (asLarge && operation.type().equals("Const") && constant.isEmpty()) {
        constant = named(operation.name(), true);
      }
      for (int i = 0; i < operation.numInputs(); i++) {
        open.add((GraphOperation) operation.input(i).op());
      }
    }
    return constant;
  }

  private static Optional<Weights> named(String name, boolean constant) {
    Matcher unnamed = UNNAMED.matcher(name);
    if (!unnamed.matches()) {
      return Optional.of(new Weights(name, constant));
    }
    return unnamed.group(1) == null
        ? Optional.empty()
        : Optional.of(new Weights(unnamed.group(1) + "/" + unnamed.group(2), constant));
  }

  private static void pushInputs(GraphOperation operation, Deque<GraphOperation> open) {
    for (int i = operation.numInputs() - 1; i >= 0; i--) {
      open.push((GraphOperation) operation.input(i).op());
    }
  }
}
