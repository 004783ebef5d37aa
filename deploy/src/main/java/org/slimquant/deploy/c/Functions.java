package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The functions that a source needs, each once for each combination of types, in the order in which
 * they call each other. A method returns a function's name and adds it where it is not there yet.
 */
final class Functions {

  private final Map<String, String> texts = new LinkedHashMap<>();
  private final ModelName model;
  private final boolean narrowLeft;
  private final boolean wideLeft;

  /**
   * Creates an empty collection.
   *
   * @param model what all names begin with
   * @param narrowLeft whether a sum of 32 bits is shifted left anywhere
   * @param wideLeft whether one of 64 bits is
   */
  Functions(ModelName model, boolean narrowLeft, boolean wideLeft) {
    this.model = model;
    this.narrowLeft = narrowLeft;
    this.wideLeft = wideLeft;
  }

  /** Returns all functions. */
  String text() {
    return String.join("\n", texts.values())
        .replace("$LAYER", model.prefixed("layer"))
        .replace("$RESTRICT", model.macro("RESTRICT"))
        .replace("$SPACE", model.macro("SPACE"))
        .replace("$STEP", model.macro("STEP"));
  }

  /** Whether any of them needs the macro STEP. */
  boolean needStep() {
    return texts.keySet().stream().anyMatch(name -> name.startsWith(model.prefixed("dense_")));
  }

  /** {@code (layer, input, kernel, bias, [shifts,] patch, output)}. */
  String conv2d(CType input, CType kernel, CType output, Scaling scaling) {
    String dense = dense(input, kernel, output, scaling);
    String copyWindow = copyWindow(input);
    String name = model.prefixed("conv2d_" + suffix(input, kernel, output, scaling));
    return add(
        name,
        filled(FunctionText.CONV2D, scaling).replace("$DENSE", dense).replace("$COPY", copyWindow),
        name,
        input,
        kernel,
        output);
  }

  private String copyWindow(CType input) {
    String name = model.prefixed("copy_window_" + input.suffix);
    return add(name, FunctionText.COPY_WINDOW, name, input, input, input);
  }

  /** {@code (layer, input, count, kernel, bias, [shifts,] output)}. */
  String dense(CType input, CType kernel, CType output, Scaling scaling) {
    String toCode = toCode(scaling.wide());
    String name = model.prefixed("dense_" + suffix(input, kernel, output, scaling));
    return add(
        name,
        filled(FunctionText.DENSE, scaling).replace("$CODE", toCode),
        name,
        input,
        kernel,
        output);
  }

  /** {@code (layer, input, kernel, bias, [shifts,] output)}. */
  String depthwise(CType input, CType kernel, CType output, Scaling scaling, boolean multiplied) {
    String toCode = toCode(scaling.wide());
    String kind = multiplied ? "depthwise_multiplied_" : "depthwise_";
    String name = model.prefixed(kind + suffix(input, kernel, output, scaling));
    String text = multiplied ? FunctionText.DEPTHWISE_MULTIPLIED : FunctionText.DEPTHWISE;
    return add(name, filled(text, scaling).replace("$CODE", toCode), name, input, kernel, output);
  }

  /** {@code (layer, input, output)}. */
  String maxPool(CType type) {
    String name = model.prefixed("max_pool_" + type.suffix);
    return add(name, FunctionText.MAX_POOL, name, type, type, type);
  }

  /** {@code (layer, input, finer, coarser, output)}. */
  String averagePool(CType input, CType output, boolean wide) {
    String divide = model.prefixed(wide ? "floor_divide_64" : "floor_divide");
    add(divide, FunctionText.FLOOR_DIVIDE.replace("$A", sum(wide)), divide, input, input, output);
    String name = model.prefixed("average_pool_" + pair(input, output) + (wide ? "_64" : ""));
    return add(
        name,
        FunctionText.AVERAGE_POOL.replace("$A", sum(wide)).replace("$DIVIDE", divide),
        name,
        input,
        input,
        output);
  }

  /** {@code (left, left_factor, right, right_factor, size, shift, min, max, output)}. */
  String add(CType left, CType right, CType output, boolean wide) {
    String toCode = toCode(wide);
    String types = left.suffix + "_" + pair(right, output);
    String name = model.prefixed("add_" + types + (wide ? "_64" : ""));
    return add(
        name,
        FunctionText.ADD.replace("$A", sum(wide)).replace("$CODE", toCode),
        name,
        left,
        right,
        output);
  }

  /** {@code (input, blocks, block, shift, min, max, output, output_block)}. */
  String requantize(CType input, CType output, boolean wide) {
    String toCode = toCode(wide);
    String name = model.prefixed("requantize_" + pair(input, output) + (wide ? "_64" : ""));
    return add(name, FunctionText.REQUANTIZE.replace("$CODE", toCode), name, input, input, output);
  }

  private String toCode(boolean wide) {
    String end = wide ? "_64" : "";
    String shift = model.prefixed("shift_right" + end);
    texts.computeIfAbsent(
        shift, name -> FunctionText.SHIFT_RIGHT.replace("$NAME", name).replace("$A", sum(wide)));
    boolean left = wide ? wideLeft : narrowLeft;
    String text =
        (left ? FunctionText.TO_CODE_EITHER : FunctionText.TO_CODE)
            .replace("$SHIFT", shift)
            .replace("$ONE", "(%s)1".formatted(sum(wide)))
            .replace("$BEYOND", wide ? "131072" : "65536")
            .replace("$BITS", wide ? "17" : "16")
            .replace("$A", sum(wide));
    String code = model.prefixed("to_code" + end);
    texts.computeIfAbsent(code, name -> text.replace("$NAME", name));
    return code;
  }

  private static String sum(boolean wide) {
    return wide ? "int64_t" : "int32_t";
  }

  private static String suffix(CType input, CType kernel, CType output, Scaling scaling) {
    return (kernel == CType.INT8 ? pair(input, output) : input.suffix + "_" + pair(kernel, output))
        + (scaling.wide() ? "_64" : "")
        + (scaling.perChannel() ? "_channels" : "");
  }

  private static String pair(CType input, CType output) {
    return input.suffix + "_" + output.suffix;
  }

  private static String filled(String text, Scaling scaling) {
    return text.replace(
            "$PARAMETER", scaling.perChannel() ? "const $SPACE int8_t *$RESTRICT shifts, " : "")
        .replace("$ARGUMENT", scaling.perChannel() ? "shifts, " : "")
        .replaceAll("\\$SHIFT_OF\\((.*?)\\)", scaling.perChannel() ? "shifts[$1]" : "layer->shift")
        .replace("$A", scaling.type());
  }

  private String add(String key, String text, String name, CType input, CType other, CType output) {
    texts.putIfAbsent(
        key,
        text.replace("$NAME", name)
            .replace("$X", input.text)
            .replace("$W", other.text)
            .replace("$Y", output.text));
    return name;
  }
}
