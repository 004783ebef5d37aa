package org.slimquant.deploy;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.Refusals.RefusedException;
import org.slimquant.model.Add;
import org.slimquant.model.Concat;

/**
 * Matches what joins several tensors: a sum of two, as at the end of a residual block, and a
 * concat.
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
 * Y·2^(dy-d))}, a whole number of steps 2^d, which the fake quant rounds once, as the integer op
 * does. A concat computes nothing: each of its elements is rounded from its own step to the
 * output's; without a fake quant behind it, and with one format for all that it joins, none is
 * rounded at all.
 */
final class JoinMatcher {

  private JoinMatcher() {}

  static Draft add(Stage stage) {
    stage.requireNoBias();
    Node root = stage.root();
    for (int i = 0; i < 2; i++) {
      stage.inputFormat(i);
      if (!stage.shape(stage.rootInput(i)).equals(stage.shape(root))) {
        throw new RefusedException(
            root,
            "it adds examples of shapes %s and %s"
                .formatted(stage.shape(stage.rootInput(0)), stage.shape(stage.rootInput(1))),
            "add tensors of one shape");
      }
    }
    return stage.draft(
        List.of(0, 1),
        (name, inputs, output) ->
            new Add(name, inputs.get(0), inputs.get(1), stage.range(), output));
  }

  static Draft concat(Stage stage) {
    stage.requireNoBias();
    Node root = stage.root();
    int count = root.inputs().size() - 1;
    List<Integer> shape = stage.shape(root);
    int axis = stage.literal(count, "axis").integers().get(0);
    int positive = Math.floorMod(axis, shape.size() + 1);
    if (positive == 0) {
      throw new RefusedException(
          root, "it joins batches along the axis %d".formatted(axis), "join along another axis");
    }
    return stage.draft(
        IntStream.range(0, count).boxed().toList(),
        (name, inputs, output) -> new Concat(name, inputs, positive - 1, stage.range(), output));
  }
}
