package org.slimquant.runtime;

import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The values of variables. A resource variable has a tensor for each op that reads it, all of one
 * value; the others have but one:
 *
 * <pre>{@code
 * VarHandleOp ─┬─▶ ReadVariableOp ─▶ MatMul          VariableV2 ─┬─▶ MatMul
 *              └─▶ ReadVariableOp ─▶ MatMul                      └─▶ MatMul
 * }</pre>
 */
final class Variables {

  private static final String READ = "ReadVariableOp";

  private Variables() {}

  /** Whether an op reads a resource variable. */
  static boolean isRead(GraphOperation operation) {
    return operation.type().equals(READ);
  }

  /**
   * Returns the same tensor for all that have the value of one variable, else the tensor itself.
   */
  static Output<?> identity(Output<?> tensor) {
    GraphOperation operation = (GraphOperation) tensor.op();
    return isRead(operation) ? operation.input(0) : tensor;
  }

  /** Returns all tensors that have the value of the variable of which {@code tensor} is one. */
  static Stream<Output<?>> sameValue(Output<?> tensor) {
    Output<?> identity = identity(tensor);
    return identity.equals(tensor)
        ? Stream.of(tensor)
        : NativeGraph.readers(identity).stream()
            .map(Edge::reader)
            .filter(Variables::isRead)
            .map(reader -> reader.output(0));
  }
}
