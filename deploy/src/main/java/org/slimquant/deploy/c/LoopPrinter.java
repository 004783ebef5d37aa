package org.slimquant.deploy.c;

import java.util.Map;

/**
 * Prints a call in loops.
 *
 * <pre>{@code
 * for (int32_t i0 = 0; i0 < 20; i0++) {
 *     net_multiply_s8_s8_s8(
 *         x_codes + i0 * 8, z_codes, 8, 7, -127, 127, output + i0 * 8);
 * }
 * }</pre>
 */
final class LoopPrinter {

  private static final Template AXIS = Template.of("frame/axis.c.in");

  private LoopPrinter() {}

  /** Returns the variable that counts the rounds of a loop; the outermost loop has depth 0. */
  static String index(int depth) {
    return "i" + depth;
  }

  /** Returns the statements. */
  static String text(ModelName name, CStatement.CallLoops loops) {
    CStatement.Call call = loops.call();
    String rows = new CText().call(call.function().name(), call.arguments()).toString();
    for (int depth = loops.lengths().size() - 1; depth >= 0; depth--) {
      String length = String.valueOf(loops.lengths().get(depth));
      rows =
          CText.indented(
              AXIS.fill(name, Map.of("index", index(depth), "length", length, "rows", rows)));
    }
    return rows;
  }
}
