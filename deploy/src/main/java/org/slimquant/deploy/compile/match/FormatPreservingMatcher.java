package org.slimquant.deploy.compile.match;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Movement;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;
import org.slimquant.runtime.graph.OpKind;

/**
 * Matches the ops that do not change codes: they move codes, choose among them, or add zeros.
 *
 * <pre>{@code
 * x, int8 * 2^-4 ─▶ MaxPool ─▶          before
 * x, int8 * 2^-4 ─▶ Pad ─▶
 * x, int8 * 2^-4 ─▶ Reshape ─▶
 *
 * x, int8 * 2^-4 ─▶ Slice ─▶
 *
 * X ─▶ MaxPool ─▶ int8 * 2^-4           after, and so on
 * }</pre>
 *
 * <p><b>The same function:</b> with a step above 0 the largest number has the largest code; 0 has
 * code 0; and the order of elements is the same for codes as for numbers.
 */
final class FormatPreservingMatcher {

  private FormatPreservingMatcher() {}

  static Node match(FusedOp fused) {
    fused.requireNoBias();
    return switch (fused.root().role()) {
      case MAXIMUM -> maxPool(fused);
      case PADDING -> pad(fused);
      case SHAPER -> reshape(fused);
      default -> throw new AssertionError(fused.root());
    };
  }

  /** Matches an op that moves elements: a Slice, a Transpose or a Tile. */
  static Node move(FusedOp fused) {
    fused.requireNoBias();
    Movement movement = fused.root().movement().orElseThrow(() -> MovementRefusals.of(fused));
    return fused.pending(List.of(0), movement.body());
  }

  private static Node maxPool(FusedOp fused) {
    Node root = fused.root();
    if (root.is(OpKind.MAX) && root.inputs().size() == 2) {
      throw Windows.noWindow(fused, "takes the largest of", "take the largest");
    }
    Windows.requireChannelsLast(root);
    boolean constants = root.is(OpKind.MAX_POOL_V2);
    List<Long> sizes = constants ? longs(fused, 1, "sizes") : root.attributes().numbers("ksize");
    List<Long> strides =
        constants ? longs(fused, 2, "strides") : root.attributes().numbers("strides");
    Window window = Windows.pool(fused, sizes, strides);
    return fused.pending(
        List.of(0), (name, inputs, output) -> new MaxPool(name, inputs.get(0), window, output));
  }

  private static List<Long> longs(FusedOp fused, int input, String what) {
    return fused.literal(input, what).integers().stream().map(Integer::longValue).toList();
  }

  private static Node pad(FusedOp fused) {
    Node root = fused.root();
    List<Integer> paddings = fused.literal(1, "padding").integers();
    int code = root.is(OpKind.PAD_V2) ? code(fused, fused.literal(2, "value").elements()[0]) : 0;
    if (paddings.get(0) != 0 || paddings.get(1) != 0) {
      throw new RefusedException(
          root, "it pads the batch: %s".formatted(paddings), "pad the axes behind it");
    }
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 2; i < paddings.size(); i += 2) {
      before.add(paddings.get(i));
      after.add(paddings.get(i + 1));
    }
    return fused.pending(
        List.of(0),
        (name, inputs, output) -> new Pad(name, inputs.get(0), before, after, code, output));
  }

  /** Returns the code of the number with which an op pads. */
  private static int code(FusedOp fused, double value) {
    FixedPoint format = fused.inputFormat(0);
    double code = Math.scalb(value, -format.frac());
    if (code != Math.rint(code) || code < format.minCode() || code > format.maxCode()) {
      throw new RefusedException(
          fused.root(),
          "it pads with %s, which has no code in %s".formatted(value, format),
          "pad with a multiple of 2^%d between %s and %s"
              .formatted(format.frac(), format.min(), format.max()));
    }
    return (int) code;
  }

  private static Node reshape(FusedOp fused) {
    List<Integer> from = fused.shape(fused.rootInput(0));
    List<Integer> to = fused.shape(fused.root());
    if (size(from) != size(to)) {
      throw new RefusedException(
          fused.root(),
          "it does not keep the batch: it makes %s of examples of shape %s".formatted(to, from),
          "let the first axis stay the batch: reshape to [-1, %d]".formatted(size(from)));
    }
    return fused.pending(
        List.of(0), (name, inputs, output) -> new Reshape(name, inputs.get(0), output));
  }

  private static long size(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }
}
