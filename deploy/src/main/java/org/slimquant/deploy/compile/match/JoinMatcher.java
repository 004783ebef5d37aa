package org.slimquant.deploy.compile.match;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.Concat;

/**
 * Matches a concat.
 *
 * <pre>{@code
 * x, 2^dx ─┐                                        before
 * y, 2^dy ─┴─▶ ConcatV2 ─▶ Relu ─▶ Quantize, 2^do ─▶
 *
 * x ─┐                                              after
 * y ─┴─▶ Concat[0 .. max] ─▶
 * }</pre>
 *
 * <p><b>The same function:</b> a concat computes nothing. Each of its elements is rounded from its
 * own step to the output's step. Without a fake quant after the concat, and with one format for all
 * its inputs, no element is rounded.
 */
final class JoinMatcher {

  private JoinMatcher() {}

  static Node concat(FusedOp fused) {
    fused.requireNoBias();
    Node root = fused.root();
    int count = root.inputs().size() - 1;
    List<Integer> shape = fused.shape(root);
    int axis = fused.literal(count, "axis").integers().get(0);
    int positive = Math.floorMod(axis, shape.size() + 1);
    if (positive == 0) {
      throw new RefusedException(
          root, "it joins batches along the axis %d".formatted(axis), "join along another axis");
    }
    return fused.pending(
        IntStream.range(0, count).boxed().toList(),
        (name, inputs, output) -> new Concat(name, inputs, positive - 1, fused.range(), output));
  }
}
