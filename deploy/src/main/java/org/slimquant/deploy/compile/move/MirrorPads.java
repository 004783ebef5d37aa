package org.slimquant.deploy.compile.move;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.compile.graph.Node;

/**
 * Writes a padding with mirrored elements as a concat with slices in reverse.
 *
 * <pre>{@code
 * x ─▶ MirrorPad, 2 before and 1 after ─▶                  before
 *
 * x ─┬─▶ Slice, 2 in reverse ─┐                            after
 *    ├────────────────────────┼─▶ ConcatV2 ─▶
 *    └─▶ Slice, 1 in reverse ─┘
 * }</pre>
 *
 * <p>In the mode REFLECT the element at the border is not repeated, in the mode SYMMETRIC it is.
 */
final class MirrorPads {

  private MirrorPads() {}

  static List<Node> of(MovedOp op) {
    Node node = op.node();
    List<Integer> paddings = op.integers(1, "paddings");
    if (paddings.get(0) != 0 || paddings.get(1) != 0) {
      throw op.batch("it pads it with %s".formatted(paddings.subList(0, 2)));
    }
    int border = node.attributes().text("mode").equals("REFLECT") ? 1 : 0;
    MoveChain chain = Movements.chain(op, 0);
    for (int axis = 0; axis < chain.shape().size(); axis++) {
      int before = paddings.get(2 * axis + 2);
      int after = paddings.get(2 * axis + 3);
      int length = chain.shape().get(axis);
      List<String> parts = new ArrayList<>();
      if (before > 0) {
        parts.add(
            mirrored(op, chain, "%d'before".formatted(axis), axis, before - 1 + border, before));
      }
      parts.add(chain.read());
      if (after > 0) {
        parts.add(
            mirrored(op, chain, "%d'after".formatted(axis), axis, length - 1 - border, after));
      }
      if (parts.size() > 1) {
        chain.concat(parts, axis, MoveChain.with(chain.shape(), axis, before + length + after));
      }
    }
    return chain.nodes();
  }

  private static String mirrored(
      MovedOp op, MoveChain chain, String part, int axis, int begin, int length) {
    String id = "%s'%s".formatted(op.node().id(), part);
    chain.after(
        new MoveChain(op.node(), id, chain.read(), chain.shape()).slice(axis, begin, -1, length));
    return id;
  }
}
