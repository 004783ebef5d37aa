package org.slimquant.deploy.compile.match;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.Add;
import org.slimquant.model.Concat;

/**
 * Matches the ops that join several tensors: a sum of two tensors, as at the end of a residual
 * block, and a concat.
 *
 * <pre>{@code
 * x, 2^dx ─┐                                        before
 * y, 2^dy ─┴─▶ AddV2 ─▶ Relu ─▶ Quantize, 2^do ─▶
 *
 * x ─┐                                              after
 * y ─┴─▶ Add[0 .. max] ─▶
 * }</pre>
 *
 * <p><b>The same function:</b> with d = min(dx, dy) the sum is {@code 2^d·(X·2^(dx-d) +
 * Y·2^(dy-d))}, a whole number of steps 2^d. The fake quant rounds it once, and so does the integer
 * op. A concat computes nothing: each of its elements is rounded from its own step to the output's
 * step. Without a fake quant after the concat, and with one format for all its inputs, no element
 * is rounded.
 */
final class JoinMatcher {

  private JoinMatcher() {}

  static Node add(FusedOp fused) {
    fused.requireNoBias();
    Node root = fused.root();
    for (int i = 0; i < 2; i++) {
      fused.inputFormat(i);
      if (!fused.shape(fused.rootInput(i)).equals(fused.shape(root))) {
        throw new RefusedException(
            root,
            "it adds examples of shapes %s and %s"
                .formatted(fused.shape(fused.rootInput(0)), fused.shape(fused.rootInput(1))),
            "add tensors of one shape");
      }
    }
    return fused.pending(
        List.of(0, 1),
        (name, inputs, output) ->
            new Add(name, inputs.get(0), inputs.get(1), fused.range(), output));
  }

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
