package org.slimquant.deploy.c;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/** Writes the header: what a caller has to know. */
final class HeaderWriter {

  private static final String TEXT =
      """
      /* $TITLE: made by SlimQuant from an integer model.
       *
       * input   $INPUT
       * output  $OUTPUT
       *
       * A code c of exponent e stands for the number c * 2^e; the code of a number x is
       * floor(x / 2^e + 0.5), clamped to what the bits hold.
       *
       * constants  $CONSTANTS bytes ($KERNELS of them kernels)
       * arena      $RAM bytes of RAM, which would be $UNSHARED if tensors shared no memory
       *
       * Compiler and linker decide where constants lie: in flash on most microcontrollers, in RAM on some.
       * $name.c has macros that put constants and arena elsewhere.
       *
       * C99 or C++, integers only, nothing but <limits.h>, <stdint.h> and <string.h>, nothing allocated. */

      #ifndef $MACRO_SLIMQUANT_H
      #define $MACRO_SLIMQUANT_H

      #include <limits.h>
      #include <stdint.h>

      #if CHAR_BIT != 8
      #error "bytes must have 8 bits, but CHAR_BIT is not 8; $name cannot run on this processor"
      #endif

      #ifdef __cplusplus
      extern "C" {
      #endif

      /* Tells $name.c that this header was written with it. */
      #define $MACRO_HEADER $HASH

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
      """;

  private HeaderWriter() {}

  /** Returns the header, with {@code $HASH} for its {@link #hash}. */
  static String text(IntegerModel model, ModelName name, CFootprint footprint, Arena arena) {
    String shapes = macros("INPUT", model.input()) + "\n" + macros("OUTPUT", model.output());
    return name.fill(TEXT.replace("$SHAPES", shapes))
        .replace("$CONSTANTS", String.valueOf(footprint.constantBytes()))
        .replace("$KERNELS", String.valueOf(footprint.kernelBytes()))
        .replace("$RAM", String.valueOf(footprint.arenaBytes()))
        .replace("$UNSHARED", String.valueOf(footprint.unsharedBytes()))
        .replace("$LENGTH", String.valueOf(arena.length()))
        .replace("$UNIT", arena.unit().text)
        .replace("$INPUT", CText.describe(model.input()))
        .replace("$OUTPUT", CText.describe(model.output()))
        .replace("$IN", CType.of(model.input()).text)
        .replace("$OUT", CType.of(model.output()).text)
        .replace("$TITLE", CNames.comment(model.name()));
  }

  /** Returns what tells a header from one that says anything else. */
  static String hash(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return "0x%08xL".formatted(crc.getValue());
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
            tensor.format().frac(),
            tensor.format().minCode(),
            tensor.format().maxCode())
        .replace("$", "$MACRO_" + which);
  }
}
