package org.slimquant.deploy.c;

import java.util.List;
import java.util.Locale;
import org.slimquant.engine.IntegerModel;

/**
 * Writes the source: macros, functions, the constants of each layer, and the run.
 *
 * <pre>{@code
 * void lenet_run_in(int8_t *arena, const int8_t *input, int8_t *output)
 * {
 *     int8_t *const relu1_codes = arena;
 *     …
 *     conv2d_s8_s8(&conv1_layer, input, conv1_kernel, conv1_bias, arena + 15680, relu1_codes);
 *     …
 * }
 * }</pre>
 */
final class SourceWriter {

  private final IntegerModel model;
  private final String name;
  private final String macro;
  private final Arena arena;
  private final Functions functions;
  private final LayerTables tables;
  private final OpWriter ops;

  SourceWriter(IntegerModel model, String name) {
    this.model = model;
    this.name = name;
    macro = name.toUpperCase(Locale.ROOT);
    arena = new Arena(model);
    HeldCodes held = new HeldCodes(model);
    List<Scaling> left =
        model.ops().stream()
            .flatMap(op -> Scaling.all(op, held).stream())
            .filter(Scaling::left)
            .toList();
    functions =
        new Functions(
            macro + "_STEP",
            left.stream().anyMatch(scaling -> !scaling.wide()),
            left.stream().anyMatch(Scaling::wide));
    tables = new LayerTables(macro + "_STEP");
    ops = new OpWriter(model, name, arena, held, functions, tables);
    ops.writeAll();
  }

  Arena arena() {
    return arena;
  }

  CFootprint footprint() {
    return new CFootprint(
        tables.kernelBytes(), tables.otherBytes(), arena.bytes(), arena.unsharedBytes());
  }

  /** Returns the whole source. */
  String text() {
    CText text = new CText();
    text.block(HEAD.replace("$title", CNames.comment(model.name())).replace("$name", name));
    if (functions.needStep()) {
      text.block(STEP.replace("$MACRO", macro));
    }
    text.block(TRACE.replace("$MACRO", macro));
    if (!tables.empty()) {
      text.blank().block(LayerTables.STRUCT);
    }
    if (!functions.text().isEmpty()) {
      text.blank().block(functions.text());
    }
    text.block(tables.text());
    return text.block(
            RUN.replace("$name", name)
                .replace("$MACRO", macro)
                .replace("$unit", arena.unit().text)
                .replace("$in", CType.of(model.input()).text)
                .replace("$out", CType.of(model.output()).text)
                .replace("$pointers\n", ops.pointers())
                .replace("$calls\n", ops.calls()))
        .toString();
  }

  private static final String HEAD =
      """
      /* $title: made by SlimQuant from an integer model. $name.h tells how to call it. */

      #include "$name.h"

      #include <string.h>

      """;

  private static final String STEP =
      """
      /* How many products a dense layer or a convolution computes at once, 1 to 32. Where there are no
       * vectors, more than 1 is for nothing. */
      #ifndef $MACRO_STEP
      #if defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__riscv_vector)
      #define $MACRO_STEP 32
      #else
      #define $MACRO_STEP 1
      #endif
      #endif

      """;

  private static final String TRACE =
      """
      /* Sees each tensor when it is computed; the test program uses it. */
      #ifndef $MACRO_TRACE
      #define $MACRO_TRACE(tensor, codes) ((void)(codes))
      #endif
      """;

  private static final String RUN =
      """

      void $name_run_in($unit *arena, const $in *input, $out *output)
      {
          (void)arena;
      $pointers
      $calls
      }

      #ifndef $MACRO_NO_STATIC_ARENA

      void $name_run(const $in *input, $out *output)
      {
          static $unit arena[$MACRO_ARENA_LENGTH];
          $name_run_in(arena, input, output);
      }

      #endif
      """;
}
