package org.slimquant.runtime.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;

/**
 * The values of variables. A resource variable has a tensor for each op that reads it, all of one
 * value; other variables have one tensor:
 *
 * <pre>{@code
 * VarHandleOp ─┬─▶ ReadVariableOp ─▶ MatMul          VariableV2 ─┬─▶ MatMul
 *              └─▶ ReadVariableOp ─▶ MatMul                      └─▶ MatMul
 * }</pre>
 */
public final class Variables {

  private static final String READ = "ReadVariableOp";

  private static final Set<String> TYPES = Set.of("VarHandleOp", "Variable", "VariableV2");

  private Variables() {}

  /** Returns whether an op is a variable whose readers read it by reference. */
  public static boolean isReference(GraphOperation operation) {
    return operation.type().equals("Variable") || operation.type().equals("VariableV2");
  }

  /** Returns whether an op reads a resource variable. */
  public static boolean isRead(GraphOperation operation) {
    return operation.type().equals(READ);
  }

  /**
   * Returns the same tensor for all that have the value of one variable, else the tensor itself.
   */
  public static Output<?> identity(Output<?> tensor) {
    GraphOperation operation = (GraphOperation) tensor.op();
    return isRead(operation) ? operation.input(0) : tensor;
  }

  /** Returns all tensors that have the value of the variable of which {@code tensor} is one. */
  public static Stream<Output<?>> sameValue(Output<?> tensor) {
    Output<?> identity = identity(tensor);
    return identity.equals(tensor)
        ? Stream.of(tensor)
        : NativeGraph.readers(identity).stream()
            .map(Edge::reader)
            .filter(Variables::isRead)
            .map(reader -> reader.output(0));
  }

  /** Returns a tensor with the value of a variable that is read without waiting for other ops. */
  public static Optional<Output<?>> value(GraphOperation variable) {
    return variable.type().equals("VarHandleOp")
        ? NativeGraph.readers(variable.output(0)).stream()
            .map(Edge::reader)
            .filter(reader -> isRead(reader) && reader.numControlInputs() == 0)
            .findFirst()
            .map(reader -> reader.output(0))
        : Optional.of(variable.output(0));
  }

  /** Returns the variables that tensors are computed from, each once. */
  public static List<GraphOperation> readBy(Collection<? extends Operand<?>> tensors) {
    List<GraphOperation> variables = new ArrayList<>();
    Set<GraphOperation> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>();
    tensors.forEach(tensor -> open.push((GraphOperation) tensor.asOutput().op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (!seen.add(operation)) {
        continue;
      }
      if (TYPES.contains(operation.type())) {
        variables.add(operation);
      }
      for (int i = operation.numInputs() - 1; i >= 0; i--) {
        open.push((GraphOperation) operation.input(i).op());
      }
    }
    return variables;
  }
}
