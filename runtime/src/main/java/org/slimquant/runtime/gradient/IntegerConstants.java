package org.slimquant.runtime.gradient;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt32;

/** Constants of type int32 with full names: sizes, axes and paddings. */
final class IntegerConstants {

  private IntegerConstants() {}

  static Output<TInt32> scalar(Scope scope, String name, int element) {
    return constant(scope, name, Shape.scalar(), element);
  }

  static Output<TInt32> vector(Scope scope, String name, int... elements) {
    return constant(scope, name, Shape.of(elements.length), elements);
  }

  /** Adds a matrix of two columns. */
  static Output<TInt32> pairs(Scope scope, String name, int[] first, int[] second) {
    int[] elements = new int[2 * first.length];
    for (int i = 0; i < first.length; i++) {
      elements[2 * i] = first[i];
      elements[2 * i + 1] = second[i];
    }
    return constant(scope, name, Shape.of(first.length, 2), elements);
  }

  /** Adds a matrix of two columns, given row by row. */
  static Output<TInt32> pairs(Scope scope, String name, List<Integer> elements) {
    int[] all = elements.stream().mapToInt(Integer::intValue).toArray();
    return constant(scope, name, Shape.of(all.length / 2, 2), all);
  }

  private static Output<TInt32> constant(Scope scope, String name, Shape shape, int... elements) {
    Graph graph = (Graph) scope.env();
    try (TInt32 value = TInt32.tensorOf(shape, DataBuffers.of(elements))) {
      return graph
          .opBuilder("Const", name, graph.baseScope())
          .setAttr("dtype", DataType.DT_INT32)
          .setAttr("value", value)
          .build()
          .output(0);
    }
  }
}
