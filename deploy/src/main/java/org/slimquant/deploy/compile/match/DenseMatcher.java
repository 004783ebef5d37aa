package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.Kernel;

/**
 * Matches a product with a matrix of weights, its bias and its activation.
 *
 * <pre>{@code
 * x, 2^di ─▶ MatMul ─▶ BiasAdd ─▶ Relu ─▶ Quantize, 2^do ─▶          before
 * x ─▶ Dense[codes of kernel and bias, 0 .. max] ─▶                  after
 * }</pre>
 *
 * <p><b>The same function</b> for the reason given at {@link ConvolutionMatcher}. A transposed
 * kernel is transposed once, here.
 */
final class DenseMatcher {

  private DenseMatcher() {}

  static Node match(FusedOp fused) {
    Node root = fused.root();
    if (fused.rootInput(0).is(Node.CONSTANT)) {
      throw new RefusedException(
          root, "it has its kernel in front of its data", "multiply data by kernel: x * kernel");
    }
    if (root.attributes().flag("transpose_a")) {
      throw new RefusedException(
          root,
          "it transposes its data, whose first axis is the batch",
          "multiply data by kernel: x * kernel");
    }
    if (fused.context().hasCodes(fused.rootInput(1))) {
      throw new RefusedException(
          root, "it multiplies two tensors, neither of which is a kernel", FloatOps.CUT);
    }
    fused.inputFormat(0);
    Literal read = fused.literal(1, "kernel");
    Literal values = root.attributes().flag("transpose_b") ? transpose(read) : read;
    Weights weights = Weights.of(fused, values, values.shape().get(1));
    Kernel kernel = fused.context().shared().of(weights.kernel());
    Codes bias = fused.context().shared().of(weights.bias());
    return fused.pending(
        List.of(0),
        (name, inputs, output) ->
            new Dense(name, inputs.get(0), kernel, bias, fused.range(), output));
  }

  private static Literal transpose(Literal matrix) {
    int rows = matrix.shape().get(0);
    int columns = matrix.shape().get(1);
    double[] elements = new double[rows * columns];
    for (int i = 0; i < elements.length; i++) {
      elements[i % columns * rows + i / columns] = matrix.elements()[i];
    }
    return new Literal(List.of(columns, rows), elements);
  }
}
