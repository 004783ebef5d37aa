package org.slimquant.runtime.graph;

import java.util.Arrays;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Adds the ops that fake quants are composed of, with full names: see {@code Graph.opBuilder}. */
public final class Primitives {

  private Primitives() {}

  /** Adds an op that has no attributes but types, and one output. */
  public static Output<TFloat32> op(Scope scope, String type, String name, Output<?>... inputs) {
    OperationBuilder builder = scope.env().opBuilder(type, name, scope);
    Arrays.stream(inputs).forEach(builder::addInput);
    return builder.build().output(0);
  }

  /** Returns the scalar of this name, which the graph has once. */
  public static Output<TFloat32> sharedConstant(Graph graph, String name, float value) {
    GraphOperation existing = graph.operation(name);
    return existing != null
        ? existing.output(0)
        : constant(graph, name, Shape.scalar(), new float[] {value});
  }

  /** Adds a constant. */
  static Output<TFloat32> constant(Graph graph, String name, Shape shape, float[] elements) {
    try (TFloat32 value = TFloat32.tensorOf(shape, DataBuffers.of(elements))) {
      return graph
          .opBuilder("Const", name, graph.baseScope())
          .setAttr("dtype", DataType.DT_FLOAT)
          .setAttr("value", value)
          .build()
          .output(0);
    }
  }

  /** Adds the constant {@code 2^(sign * frac)} for each of {@code fracs}. */
  public static Output<TFloat32> powersOfTwo(
      Graph graph, String name, Shape shape, Iterable<Integer> fracs, int sign) {
    float[] powers = new float[Math.toIntExact(shape.size())];
    int i = 0;
    for (int frac : fracs) {
      powers[i++] = Math.scalb(1f, sign * frac);
    }
    return constant(graph, name, shape, powers);
  }
}
