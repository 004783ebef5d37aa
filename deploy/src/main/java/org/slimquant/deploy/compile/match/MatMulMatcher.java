package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.MatMul;

/**
 * Matches a product of matrices of two tensors, as of queries and keys.
 *
 * <pre>{@code
 * x, 2^dx ─┐                                              before
 * z, 2^dz ─┴─▶ BatchMatMulV2[adj_y] ─▶ Quantize, 2^do ─▶
 *
 * x ─┐                                                    after
 * z ─┴─▶ MatMul[transposes right] ─▶
 * }</pre>
 *
 * <p><b>The same function:</b> with x = 2^dx·X and z = 2^dz·Z, each sum of products is {@code
 * 2^(dx+dz)·ΣX·Z}, which the fake quant rounds once, and so does the integer op.
 *
 * <p>A product with a kernel is a convolution already: see {@code ConvolveRows}.
 */
final class MatMulMatcher {

  private MatMulMatcher() {}

  static Node match(FusedOp fused) {
    fused.requireNoBias();
    Node root = fused.root();
    requireNoConstant(fused);
    fused.inputFormat(0);
    fused.inputFormat(1);
    requireSameAxes(fused);
    boolean left = root.attributes().flag("adj_x");
    boolean right = root.attributes().flag("adj_y");
    return fused.pending(
        List.of(0, 1),
        (name, inputs, output) ->
            new MatMul(name, inputs.get(0), inputs.get(1), left, right, fused.range(), output));
  }

  private static void requireNoConstant(FusedOp fused) {
    for (int i = 0; i < 2; i++) {
      if (fused.rootInput(i).is(Node.CONSTANT)) {
        throw new RefusedException(
            fused.root(),
            "it multiplies data with constants of shape %s"
                .formatted(fused.literal(i, "kernel").shape()),
            "multiply data by a kernel of two axes, without transposing the data: x * kernel");
      }
    }
  }

  private static void requireSameAxes(FusedOp fused) {
    List<Integer> left = fused.shape(fused.rootInput(0));
    List<Integer> right = fused.shape(fused.rootInput(1));
    boolean same =
        left.size() == right.size()
            && left.size() >= 2
            && left.subList(0, left.size() - 2).equals(right.subList(0, right.size() - 2));
    if (!same) {
      throw new RefusedException(
          fused.root(),
          "it multiplies matrices of examples of shapes %s and %s".formatted(left, right),
          "let both have two axes or more after the batch, and the same lengths before the last two");
    }
  }
}
