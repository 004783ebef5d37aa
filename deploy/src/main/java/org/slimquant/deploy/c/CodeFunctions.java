package org.slimquant.deploy.c;

import java.util.Map;

/** Makes the C functions that compute a function of each code. */
record CodeFunctions(CFunctions functions) {

  private static final Template TABLE = Template.of("table.c.in");
  private static final Template LEAKY_RELU = Template.of("leaky_relu.c.in");

  /** {@code (input, size, first, table, output)}. */
  CFunction table(CType input, CType output) {
    return functions.function(
        "table",
        CFunctions.pair(input, output),
        TABLE,
        Map.of("input_t", input.text, "output_t", output.text));
  }

  /** {@code (input, size, positive, shift, negative, shift, min, max, output)}. */
  CFunction leakyRelu(CType input, CType output, boolean wide) {
    return functions.function(
        "leaky_relu",
        CFunctions.pair(input, output) + (wide ? CFunctions.WIDE : ""),
        LEAKY_RELU,
        Map.of("input_t", input.text, "output_t", output.text, "sum_t", CFunctions.sum(wide)),
        functions.toCode(wide));
  }
}
