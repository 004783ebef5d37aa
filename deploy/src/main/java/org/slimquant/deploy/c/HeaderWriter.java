package org.slimquant.deploy.c;

import java.util.Locale;
import java.util.stream.Collectors;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerTensor;

/** Writes the header: what a caller has to know. */
final class HeaderWriter {

  private HeaderWriter() {}

  static String text(IntegerModel model, String name, SourceWriter source) {
    Arena arena = source.arena();
    CFootprint footprint = source.footprint();
    return """
        /* $TITLE: made by SlimQuant from an integer model.
         *
         * input   $INPUT
         * output  $OUTPUT
         *
         * A code c of exponent e stands for the number c * 2^e; the code of a number x is
         * floor(x / 2^e + 0.5), clamped to what the bits hold.
         *
         * flash   $FLASH bytes of constants ($KERNELS of them kernels), and the code
         * RAM     $RAM bytes in the arena, which would be $UNSHARED if tensors shared no memory
         *
         * C99, integers only, nothing but <stdint.h> and <string.h>, nothing allocated. */

        #ifndef $MACRO_H
        #define $MACRO_H

        #include <stdint.h>

        #ifdef __cplusplus
        extern "C" {
        #endif

        $SHAPES
        /* The elements of the arena. */
        #define $MACRO_ARENA_LENGTH $LENGTH

        /* Computes the output for one input. Both are arrays of the sizes above, the last axis fastest,
         * that must not overlap. Has the arena in a static variable, so that only one call may be under
         * way; $MACRO_NO_STATIC_ARENA, defined when the source is compiled, leaves function and
         * variable out. */
        void $name_run(const $IN *input, $OUT *output);

        /* The same in an arena of the caller's, of $MACRO_ARENA_LENGTH elements, whose content before and
         * after is of no meaning. */
        void $name_run_in($UNIT *arena, const $IN *input, $OUT *output);

        #ifdef __cplusplus
        }
        #endif

        #endif
        """
        .replace("$TITLE", CNames.comment(model.name()))
        .replace("$INPUT", CText.describe(model.input()))
        .replace("$OUTPUT", CText.describe(model.output()))
        .replace("$FLASH", String.valueOf(footprint.constantBytes()))
        .replace("$KERNELS", String.valueOf(footprint.kernelBytes()))
        .replace("$RAM", String.valueOf(footprint.arenaBytes()))
        .replace("$UNSHARED", String.valueOf(footprint.unsharedBytes()))
        .replace(
            "$SHAPES", macros("INPUT", model.input()) + "\n" + macros("OUTPUT", model.output()))
        .replace("$LENGTH", String.valueOf(arena.length()))
        .replace("$MACRO", name.toUpperCase(Locale.ROOT))
        .replace("$name", name)
        .replace("$UNIT", arena.unit().text)
        .replace("$IN", CType.of(model.input()).text)
        .replace("$OUT", CType.of(model.output()).text);
  }

  private static String macros(String which, IntegerTensor tensor) {
    String shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return """
        #define $_SIZE %s
        #define $_RANK %s
        #define $_SHAPE {%s}
        #define $_BITS %s
        #define $_SIGNED %s
        #define $_EXPONENT (%s)
        #define $_MIN (%s)
        #define $_MAX %s
        """
        .formatted(
            tensor.size(),
            tensor.rank(),
            shape,
            tensor.format().bits(),
            tensor.format().signed() ? 1 : 0,
            tensor.format().exponent(),
            tensor.format().minCode(),
            tensor.format().maxCode())
        .replace("$", "$MACRO_" + which);
  }
}
