package org.slimquant.deploy.compile.match;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.PendingOp;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.Add;
import org.slimquant.model.Maximum;
import org.slimquant.model.Minimum;
import org.slimquant.model.Multiply;
import org.slimquant.model.Subtract;

/**
 * Matches the ops of two tensors: a sum, as at the end of a residual block; a product, as of a
 * tensor and its squeezed and excited channels; a difference, a maximum and a minimum.
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
 * Y·2^(dy-d))}, a whole number of steps 2^d, and so are a difference, a maximum and a minimum. A
 * product is {@code 2^(dx+dy)·X·Y}. The fake quant rounds it once, and so does the integer op. A
 * maximum without a fake quant after it is an element of one of two tensors of one format, which
 * has a code.
 *
 * <p>An axis of one element is broadcast by both. TensorFlow aligns the last axes of two tensors
 * whose numbers of axes differ, and the first of one of them is the batch.
 */
final class ArithmeticMatcher {

  private ArithmeticMatcher() {}

  static Node match(FusedOp fused) {
    fused.requireNoBias();
    requireNoConstant(fused);
    requireBroadcast(fused);
    return fused.pending(List.of(0, 1), body(fused));
  }

  private static PendingOp.Body body(FusedOp fused) {
    return switch (fused.root().kind()) {
      case MUL -> (name, in, out) -> new Multiply(name, in.get(0), in.get(1), fused.range(), out);
      case SUB -> (name, in, out) -> new Subtract(name, in.get(0), in.get(1), fused.range(), out);
      case MAXIMUM ->
          (name, in, out) -> new Maximum(name, in.get(0), in.get(1), fused.range(), out);
      case MINIMUM ->
          (name, in, out) -> new Minimum(name, in.get(0), in.get(1), fused.range(), out);
      default -> (name, in, out) -> new Add(name, in.get(0), in.get(1), fused.range(), out);
    };
  }

  private static void requireNoConstant(FusedOp fused) {
    if (FloatOps.readsConstant(fused.context().graph(), fused.root())) {
      throw FloatOps.withConstant(fused.root());
    }
  }

  private static void requireBroadcast(FusedOp fused) {
    fused.inputFormat(0);
    fused.inputFormat(1);
    List<Integer> left = fused.shape(fused.rootInput(0));
    List<Integer> right = fused.shape(fused.rootInput(1));
    boolean broadcasts =
        left.size() == right.size()
            && IntStream.range(0, left.size())
                .allMatch(
                    axis ->
                        left.get(axis).equals(right.get(axis))
                            || left.get(axis) == 1
                            || right.get(axis) == 1);
    if (!broadcasts) {
      throw new RefusedException(
          fused.root(),
          "its inputs are examples of shapes %s and %s".formatted(left, right),
          left.size() == right.size()
              ? "let their lengths on each axis be equal, or one of them be 1"
              : "reshape the one of shape %s to %s, so that the batch stays the first axis of both"
                  .formatted(
                      left.size() < right.size() ? left : right,
                      left.size() < right.size()
                          ? widened(left, right.size())
                          : widened(right, left.size())));
    }
  }

  /** Returns the shape to which to reshape a tensor, with the batch, that has too few axes. */
  private static List<Integer> widened(List<Integer> shape, int axes) {
    List<Integer> wide = new ArrayList<>(List.of(-1));
    for (int axis = shape.size(); axis < axes; axis++) {
      wide.add(1);
    }
    wide.addAll(shape);
    return wide;
  }
}
