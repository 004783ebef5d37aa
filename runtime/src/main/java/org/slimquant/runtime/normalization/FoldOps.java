package org.slimquant.runtime.normalization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.runtime.graph.Devices;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Adds the ops that a folded normalization consists of: {@code conv1/SlimQuant/fold/mul}. */
final class FoldOps {

  private final Scope scope;
  private final String prefix;
  private final List<GraphOperation> added = new ArrayList<>();

  /** Creates the adder for a layer whose ops run on the device of a tensor. */
  FoldOps(LayerCall call, Output<?> beside) {
    this.scope = Devices.beside(beside);
    this.prefix = call.siteName("fold");
  }

  /** Returns the ops that were added. */
  List<GraphOperation> added() {
    return List.copyOf(added);
  }

  /** Adds an op that has no attributes but types, and returns its first output. */
  Output<?> add(String type, String name, Output<?>... inputs) {
    GraphOperationBuilder builder = builder(type, name);
    Arrays.stream(inputs).forEach(builder::addInput);
    return build(builder).output(0);
  }

  /** Returns a tensor that has no other readers yet: the tensor itself, or a copy. */
  Output<?> own(Output<?> tensor) {
    return tensor.op() instanceof GraphOperation operation && added.contains(operation)
        ? tensor
        : add("Identity", "bias", tensor);
  }

  /**
   * Returns the value of a tensor, with a gradient of 0. Without a gradient, an optimizer of
   * TensorFlow Java would refuse the variable, because the loss did not depend on it.
   */
  Output<?> untrained(String name, Output<?> tensor) {
    Output<?> none = add("Mul", name + "_without_gradient", number(name + "_zero", 0), tensor);
    return add("AddV2", name, add("StopGradient", name + "_value", tensor), none);
  }

  /** Starts an op that has attributes. */
  GraphOperationBuilder builder(String type, String name) {
    return (GraphOperationBuilder)
        scope.env().opBuilder(type, "%s/%s".formatted(prefix, name), scope);
  }

  /** Finishes an op. */
  GraphOperation build(GraphOperationBuilder builder) {
    GraphOperation operation = builder.build();
    added.add(operation);
    return operation;
  }

  /** Adds a constant vector of floats. */
  Output<?> floats(String name, float value, int size) {
    float[] elements = new float[size];
    Arrays.fill(elements, value);
    try (TFloat32 tensor = TFloat32.tensorOf(Shape.of(size), DataBuffers.of(elements))) {
      return constant(name, DataType.DT_FLOAT, tensor);
    }
  }

  /** Adds a constant number. */
  Output<?> number(String name, float value) {
    try (TFloat32 tensor = TFloat32.scalarOf(value)) {
      return constant(name, DataType.DT_FLOAT, tensor);
    }
  }

  /** Adds a constant integer. */
  Output<?> integer(String name, int value) {
    try (TInt32 tensor = TInt32.scalarOf(value)) {
      return constant(name, DataType.DT_INT32, tensor);
    }
  }

  /** Adds a constant vector of integers. */
  Output<?> integers(String name, int... elements) {
    try (TInt32 tensor = TInt32.vectorOf(elements)) {
      return constant(name, DataType.DT_INT32, tensor);
    }
  }

  /** Adds a tensor with the elements of another in a known shape. */
  Output<?> reshape(String name, Output<?> tensor, Shape shape) {
    int[] sizes = IntStream.range(0, shape.numDimensions()).map(i -> (int) shape.get(i)).toArray();
    return add("Reshape", name, tensor, integers(name + "_shape", sizes));
  }

  private Output<?> constant(String name, DataType type, Tensor value) {
    GraphOperationBuilder builder = builder("Const", name);
    builder.setAttr("dtype", type);
    builder.setAttr("value", value);
    return build(builder).output(0);
  }
}
