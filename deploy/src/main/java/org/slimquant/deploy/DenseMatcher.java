package org.slimquant.deploy;

import java.util.List;
import org.slimquant.deploy.Detail.Literal;
import org.slimquant.deploy.Refusals.RefusedException;
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

  static Draft match(Stage stage) {
    Node root = stage.root();
    if (stage.rootInput(0).is(Node.CONSTANT)) {
      throw new RefusedException(
          root, "it has its kernel in front of its data", "multiply data by kernel: x * kernel");
    }
    if (root.attributes().flag("transpose_a")) {
      throw new RefusedException(
          root,
          "it transposes its data, whose first axis is the batch",
          "multiply data by kernel: x * kernel");
    }
    if (stage.context().hasCodes(stage.rootInput(1))) {
      throw new RefusedException(
          root, "it multiplies two tensors, neither of which is a kernel", OpCatalog.CUT);
    }
    stage.inputFormat(0);
    Literal read = stage.literal(1, "kernel");
    Literal values = root.attributes().flag("transpose_b") ? transpose(read) : read;
    Weights weights = Weights.of(stage, values, values.shape().get(1));
    Kernel kernel = stage.context().shared().of(weights.kernel());
    Codes bias = stage.context().shared().of(weights.bias());
    return stage.draft(
        List.of(0),
        (name, inputs, output) ->
            new Dense(name, inputs.get(0), kernel, bias, stage.range(), output));
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
