package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slimquant.model.BinaryOp;

/**
 * Makes the functions that a source can have, one for each kind of op and combination of types.
 *
 * <p>Each kind has a template, {@code dense.c.in} for example. Its placeholders are the types, the
 * function's own name, and the names of the functions that it calls: {@code ${to_code}}.
 *
 * <p>Products and sums have the type {@code ${sum_t}}, never {@code int}, which has 16 bits on AVR
 * and MSP430.
 *
 * @param model the model, with whose name the names of all functions begin
 * @param narrowLeft whether any sum of 32 bits is shifted left
 * @param wideLeft whether any sum of 64 bits is shifted left
 */
record CFunctions(ModelName model, boolean narrowLeft, boolean wideLeft) {

  private static final Template CONV2D = Template.of("conv2d.c.in");
  private static final Template COPY_WINDOW = Template.of("copy_window.c.in");
  private static final Template DENSE = Template.of("dense.c.in");
  private static final Template DEPTHWISE = Template.of("depthwise.c.in");
  private static final Template DEPTHWISE_MULTIPLIED = Template.of("depthwise_multiplied.c.in");
  private static final Template MAX_POOL = Template.of("max_pool.c.in");
  private static final Template AVERAGE_POOL = Template.of("average_pool.c.in");
  private static final Template FLOOR_DIVIDE = Template.of("floor_divide.c.in");
  private static final Template MAT_MUL = Template.of("mat_mul.c.in");
  private static final Template REQUANTIZE = Template.of("requantize.c.in");
  private static final Template TO_CODE = Template.of("to_code.c.in");
  private static final Template TO_CODE_EITHER = Template.of("to_code_either.c.in");
  private static final Template SHIFT_RIGHT = Template.of("shift_right.c.in");

  // Before a shift to the left, sums are cut to two to this power: more than any code.
  private static final int NARROW_BITS = 16;
  private static final int WIDE_BITS = 17;

  static final String WIDE = "_64";

  /** {@code (layer, input, kernel, bias, [shifts,] patch, output)}. */
  CFunction conv2d(CType input, CType kernel, CType output, RequantizationKind requantization) {
    Map<String, String> values = types(input, kernel, output);
    values.put("shifts_parameter", shiftsParameter(requantization));
    values.put("shifts_argument", requantization.perChannel() ? "shifts, " : "");
    return function(
        "conv2d",
        suffix(input, kernel, output, requantization),
        CONV2D,
        values,
        dense(input, kernel, output, requantization),
        copyWindow(input));
  }

  private CFunction copyWindow(CType type) {
    return function("copy_window", "_" + type.suffix, COPY_WINDOW, Map.of("code_t", type.text));
  }

  /** {@code (layer, input, count, kernel, bias, [shifts,] output)}. */
  CFunction dense(CType input, CType kernel, CType output, RequantizationKind requantization) {
    Map<String, String> values = weighted(input, kernel, output, requantization);
    values.put("shift", shift(requantization, "channel"));
    values.put("shift1", shift(requantization, "channel + 1"));
    values.put("shift2", shift(requantization, "channel + 2"));
    values.put("shift3", shift(requantization, "channel + 3"));
    return function(
        "dense",
        suffix(input, kernel, output, requantization),
        DENSE,
        values,
        toCode(requantization.wide()));
  }

  /**
   * {@code (layer, input, kernel, bias, [shifts,] output)}.
   *
   * @param multiplied whether an input channel has more than one output channel
   */
  CFunction depthwise(
      CType input,
      CType kernel,
      CType output,
      RequantizationKind requantization,
      boolean multiplied) {
    Map<String, String> values = weighted(input, kernel, output, requantization);
    values.put("shift", shift(requantization, multiplied ? "channel" : "first + k"));
    return function(
        multiplied ? "depthwise_multiplied" : "depthwise",
        suffix(input, kernel, output, requantization),
        multiplied ? DEPTHWISE_MULTIPLIED : DEPTHWISE,
        values,
        toCode(requantization.wide()));
  }

  /** {@code (layer, input, output)}. */
  CFunction maxPool(CType type) {
    return function("max_pool", "_" + type.suffix, MAX_POOL, Map.of("code_t", type.text));
  }

  /** {@code (layer, input, finer, coarser, output)}. */
  CFunction averagePool(CType input, CType output, boolean wide) {
    String end = wide ? WIDE : "";
    CFunction divide = function("floor_divide", end, FLOOR_DIVIDE, Map.of("sum_t", sum(wide)));
    return function(
        "average_pool",
        pair(input, output) + end,
        AVERAGE_POOL,
        Map.of("input_t", input.text, "output_t", output.text, "sum_t", sum(wide)),
        divide);
  }

  /**
   * {@code (left, left_factor, right, right_factor, size, shift, min, max, output)}, without the
   * factors for a product.
   *
   * @param repeated which of the inputs has a single code
   */
  CFunction binary(
      BinaryOp.Kind kind,
      CType left,
      CType right,
      CType output,
      boolean wide,
      RepeatedInput repeated) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("left_t", left.text);
    values.put("right_t", right.text);
    values.put("output_t", output.text);
    values.put("sum_t", sum(wide));
    values.put("left_i", repeated == RepeatedInput.LEFT ? "0" : "i");
    values.put("right_i", repeated == RepeatedInput.RIGHT ? "0" : "i");
    BinaryTemplate text = BinaryTemplate.of(kind);
    values.putAll(text.values());
    return function(
        kind.name().toLowerCase(Locale.ROOT),
        "_" + left.suffix + pair(right, output) + (wide ? WIDE : "") + repeated.suffix,
        text.template(),
        values,
        toCode(wide));
  }

  /**
   * {@code (left, left_row, left_column, right, right_row, right_column, rows, depth, columns,
   * shift, min, max, output)}.
   */
  CFunction matMul(CType left, CType right, CType output, boolean wide) {
    return function(
        "mat_mul",
        "_" + left.suffix + pair(right, output) + (wide ? WIDE : ""),
        MAT_MUL,
        Map.of(
            "left_t", left.text,
            "right_t", right.text,
            "output_t", output.text,
            "sum_t", sum(wide)),
        toCode(wide));
  }

  /** {@code (input, blocks, block, shift, min, max, output, output_block)}. */
  CFunction requantize(CType input, CType output, boolean wide) {
    return function(
        "requantize",
        pair(input, output) + (wide ? WIDE : ""),
        REQUANTIZE,
        Map.of("input_t", input.text, "output_t", output.text),
        toCode(wide));
  }

  /** {@code (sum, shift, min, max)}. */
  CFunction toCode(boolean wide) {
    String end = wide ? WIDE : "";
    CFunction shiftRight = function("shift_right", end, SHIFT_RIGHT, Map.of("sum_t", sum(wide)));
    Map<String, String> values = new LinkedHashMap<>();
    values.put("sum_t", sum(wide));
    if (!(wide ? wideLeft : narrowLeft)) {
      return function("to_code", end, TO_CODE, values, shiftRight);
    }
    int bits = wide ? WIDE_BITS : NARROW_BITS;
    values.put("bits", String.valueOf(bits));
    values.put("beyond", String.valueOf(1L << bits));
    return function("to_code", end, TO_CODE_EITHER, values, shiftRight);
  }

  static String sum(boolean wide) {
    return wide ? "int64_t" : "int32_t";
  }

  private static Map<String, String> types(CType input, CType kernel, CType output) {
    Map<String, String> types = new LinkedHashMap<>();
    types.put("input_t", input.text);
    types.put("kernel_t", kernel.text);
    types.put("output_t", output.text);
    return types;
  }

  private Map<String, String> weighted(
      CType input, CType kernel, CType output, RequantizationKind requantization) {
    Map<String, String> values = types(input, kernel, output);
    values.put("sum_t", requantization.type());
    values.put("shifts_parameter", shiftsParameter(requantization));
    return values;
  }

  private String shiftsParameter(RequantizationKind requantization) {
    return requantization.perChannel()
        ? "const %s int8_t *%s shifts, ".formatted(model.macro("SPACE"), model.macro("RESTRICT"))
        : "";
  }

  private static String shift(RequantizationKind requantization, String channel) {
    return requantization.perChannel() ? "shifts[" + channel + "]" : "layer->shift";
  }

  private static String suffix(
      CType input, CType kernel, CType output, RequantizationKind requantization) {
    return (kernel == CType.INT8 ? pair(input, output) : "_" + input.suffix + pair(kernel, output))
        + (requantization.wide() ? WIDE : "")
        + (requantization.perChannel() ? "_channels" : "");
  }

  static String pair(CType input, CType output) {
    return "_" + input.suffix + "_" + output.suffix;
  }

  /** Returns the function of a template, with the names of the functions that it calls. */
  CFunction function(
      String kind,
      String suffix,
      Template template,
      Map<String, String> values,
      CFunction... callees) {
    String name = model.prefixed(kind + suffix);
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put("function", name);
    for (CFunction callee : callees) {
      all.put(callee.kind(), callee.name());
    }
    return new CFunction(kind, name, template.file(), template.fill(model, all), List.of(callees));
  }
}
