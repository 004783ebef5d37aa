package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.Pad;

/**
 * The text of a pad: zeros everywhere, then the rows of the input, in a loop for each axis but the
 * last.
 *
 * <pre>{@code
 * memset(pad_codes, 0, 120 * sizeof *pad_codes);
 * for (int32_t i0 = 0; i0 < 4; i0++) {
 *     for (int32_t i1 = 0; i1 < 3; i1++) {
 *         memcpy(pad_codes + ((i0 + 1) * 5 + (i1 + 1)) * 4, input + (i0 * 3 + i1) * 4,
 *                4 * sizeof *pad_codes);
 *     }
 * }
 * }</pre>
 */
final class PadText {

  private PadText() {}

  /**
   * Returns the text.
   *
   * @param input the name of the input in C
   * @param output the name of the output
   */
  static String of(Pad pad, String input, String output) {
    int last = pad.input().rank() - 1;
    List<String> from = new ArrayList<>();
    List<String> to = new ArrayList<>();
    CText text = new CText();
    text.line("    memset(%s, 0, %s * sizeof *%s);".formatted(output, pad.output().size(), output));
    for (int axis = 0; axis < last; axis++) {
      String index = "i" + axis;
      text.line(
          "%sfor (int32_t %s = 0; %s < %s; %s++) {"
              .formatted(indent(axis), index, index, pad.input().shape().get(axis), index));
      int before = pad.before().get(axis);
      from.add(index);
      to.add(before == 0 ? index : "(%s + %s)".formatted(index, before));
    }
    int row = last < 0 ? 1 : pad.input().shape().get(last);
    String start = last < 0 || pad.before().get(last) == 0 ? "" : " + " + pad.before().get(last);
    String inner = indent(Math.max(0, last));
    text.line("%smemcpy(%s%s%s,".formatted(inner, output, place(to, pad.output().shape()), start));
    text.line(
        "%s       %s%s, %s * sizeof *%s);"
            .formatted(inner, input, place(from, pad.input().shape()), row, output));
    for (int axis = last - 1; axis >= 0; axis--) {
      text.line(indent(axis) + "}");
    }
    return text.toString();
  }

  private static String indent(int depth) {
    return "    ".repeat(depth + 1);
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
