package org.slimquant.deploy.c;

import java.util.Map;
import org.slimquant.model.analysis.StridedCopy;

/**
 * Prints a movement of codes: a loop for each of its loops. If the innermost loop reads codes that
 * lie in one piece, the piece is copied at once.
 *
 * <pre>{@code
 * for (int32_t i0 = 0; i0 < 4; i0++) {
 *     memcpy(left_codes + i0 * 6,
 *            input + 3 + i0 * 12, 6 * sizeof *left_codes);
 * }
 *
 * for (int32_t i0 = 0; i0 < 24; i0++) {
 *     back_codes[i0] = input[23 - i0];
 * }
 * }</pre>
 */
final class CopyPrinter {

  private static final Template AXIS = Template.of("frame/axis.c.in");
  private static final Template PIECE = Template.of("frame/copy_piece.c.in");
  private static final Template CODE = Template.of("frame/copy_code.c.in");

  private CopyPrinter() {}

  /** Returns the statements. */
  static String text(ModelName name, CStatement.CopyLoops loops) {
    StridedCopy copy = loops.copy();
    boolean pieces = copy.isInPieces();
    int depth = copy.loops().size() - (pieces ? 1 : 0);
    String from = copy.first() == 0 ? "" : " + " + copy.first();
    String to = "";
    int rest = copy.loops().stream().mapToInt(StridedCopy.Loop::steps).reduce(1, (a, b) -> a * b);
    for (int loop = 0; loop < depth; loop++) {
      rest /= copy.loops().get(loop).steps();
      to += term(loop, rest);
      from += term(loop, copy.loops().get(loop).stride());
    }
    String body = pieces ? piece(name, loops, to, from) : code(name, loops, to, from);
    for (int loop = depth - 1; loop >= 0; loop--) {
      String length = String.valueOf(copy.loops().get(loop).steps());
      body =
          AXIS.fill(
              name, Map.of("index", index(loop), "length", length, "rows", CText.indented(body)));
    }
    return CText.indented(body);
  }

  private static String piece(ModelName name, CStatement.CopyLoops loops, String to, String from) {
    return PIECE.fill(
        name,
        Map.of(
            "output", loops.output(),
            "output_place", to,
            "input", loops.input(),
            "input_place", from,
            "length", String.valueOf(loops.copy().inner().steps())));
  }

  private static String code(ModelName name, CStatement.CopyLoops loops, String to, String from) {
    return CODE.fill(
        name,
        Map.of(
            "output", loops.output(),
            "output_place", subscript(to),
            "input", loops.input(),
            "input_place", subscript(from)));
  }

  private static String index(int loop) {
    return "i" + loop;
  }

  /** Returns a term of a place: {@code + i0 * 12}. */
  private static String term(int loop, int stride) {
    if (stride == 0) {
      return "";
    }
    String factor = Math.abs(stride) == 1 ? "" : " * " + Math.abs(stride);
    return (stride < 0 ? " - " : " + ") + index(loop) + factor;
  }

  /** Returns the sum of terms, the first of which is positive: a code before it is the first. */
  private static String subscript(String terms) {
    if (terms.isEmpty()) {
      return "0";
    }
    return terms.startsWith(" + ") ? terms.substring(" + ".length()) : "0" + terms;
  }
}
