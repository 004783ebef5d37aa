package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slimquant.model.Pad;

/**
 * Prints a pad: its code everywhere, then the rows of the input, in a loop for each axis except the
 * last.
 *
 * <pre>{@code
 * memset(pad_codes, 0, 120 * sizeof *pad_codes);
 * for (int32_t i0 = 0; i0 < 4; i0++) {
 *     for (int32_t i1 = 0; i1 < 3; i1++) {
 *         memcpy(pad_codes + ((i0 + 1) * 5 + (i1 + 1)) * 4,
 *                input + (i0 * 3 + i1) * 4, 4 * sizeof *pad_codes);
 *     }
 * }
 * }</pre>
 */
final class PadPrinter {

  private static final Template ZEROS = Template.of("frame/pad_zeros.c.in");
  private static final Template CODES = Template.of("frame/pad_codes.c.in");
  private static final Template AXIS = Template.of("frame/axis.c.in");
  private static final Template ROW = Template.of("frame/copy_piece.c.in");

  private PadPrinter() {}

  /** Returns the statements. */
  static String text(ModelName name, CStatement.PadLoops loops) {
    Pad pad = loops.pad();
    int last = pad.input().rank() - 1;
    List<String> from = new ArrayList<>();
    List<String> to = new ArrayList<>();
    for (int axis = 0; axis < last; axis++) {
      from.add(index(axis));
      to.add(shifted(index(axis), pad.before().get(axis)));
    }
    int before = last < 0 ? 0 : pad.before().get(last);
    String rows =
        ROW.fill(
            name,
            Map.of(
                "output", loops.output(),
                "output_place",
                    place(to, pad.output().shape()) + (before == 0 ? "" : " + " + before),
                "input", loops.input(),
                "input_place", place(from, pad.input().shape()),
                "length", String.valueOf(last < 0 ? 1 : pad.input().shape().get(last))));
    for (int axis = last - 1; axis >= 0; axis--) {
      String length = String.valueOf(pad.input().shape().get(axis));
      rows =
          AXIS.fill(
              name, Map.of("index", index(axis), "length", length, "rows", CText.indented(rows)));
    }
    String size = String.valueOf(pad.output().size());
    String filled =
        pad.code() == 0
            ? ZEROS.fill(name, Map.of("output", loops.output(), "size", size))
            : CODES.fill(
                name,
                Map.of("output", loops.output(), "size", size, "code", String.valueOf(pad.code())));
    return CText.indented(filled + rows);
  }

  private static String index(int axis) {
    return "i" + axis;
  }

  private static String shifted(String index, int before) {
    return before == 0 ? index : "(%s + %s)".formatted(index, before);
  }

  /** Returns where a row begins: {@code + ((i * d1 + j) * d2 + k) * d3}. */
  private static String place(List<String> indices, List<Integer> shape) {
    String place = "";
    for (int axis = 0; axis < indices.size(); axis++) {
      place = place.isEmpty() ? indices.get(axis) : "(%s + %s)".formatted(place, indices.get(axis));
      place += " * " + shape.get(axis + 1);
    }
    return place.isEmpty() ? "" : " + " + place;
  }
}
