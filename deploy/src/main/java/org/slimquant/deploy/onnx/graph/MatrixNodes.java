package org.slimquant.deploy.onnx.graph;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MatMul;

/** Adds the nodes that bring tensors to the layout of ONNX's products of matrices, and back. */
public final class MatrixNodes {

  private MatrixNodes() {}

  /** Returns the left matrices of a product in their last two axes: {@code [.., m, k]}. */
  public static Value left(MatMul product, Value value, OnnxGraph graph) {
    return matrices(product, product.left(), product.transposesLeft(), value, graph);
  }

  /** Returns the right matrices of a product in their last two axes: {@code [.., k, n]}. */
  public static Value right(MatMul product, Value value, OnnxGraph graph) {
    return matrices(product, product.right(), product.transposesRight(), value, graph);
  }

  private static Value matrices(
      MatMul product, IntegerTensor tensor, boolean transposed, Value value, OnnxGraph graph) {
    int rank = tensor.rank();
    if (!transposed && !Layout.isImage(tensor)) {
      return value;
    }
    long[] permutation = new long[rank + 1];
    List<Long> shape = new ArrayList<>(List.of(Value.BATCH));
    for (int axis = 0; axis < rank; axis++) {
      boolean last = transposed && axis >= rank - 2;
      int from = last ? 2 * rank - 3 - axis : axis;
      permutation[axis + 1] = Layout.axis(tensor, from);
      shape.add((long) tensor.shape().get(from));
    }
    return graph.add(
        "Transpose",
        product.name(),
        value.type(),
        shape,
        List.of(value.name()),
        List.of(Attributes.ints("perm", permutation)));
  }

  /** Returns the products, whose matrices are in the last two axes, in the layout of the output. */
  public static Value output(MatMul product, Value value, OnnxGraph graph) {
    return Layout.isImage(product.output()) ? graph.toChannelsFirst(value, product.name()) : value;
  }
}
