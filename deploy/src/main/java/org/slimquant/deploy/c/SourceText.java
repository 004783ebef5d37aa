package org.slimquant.deploy.c;

/**
 * The text of the source around functions and tables. {@code $name} and {@code $MACRO} stand for
 * the model's name.
 */
final class SourceText {

  private SourceText() {}

  static final String HEAD =
      """
      /* $title: made by SlimQuant from an integer model. $name.h tells how to call it.
       *
       * The macros below can be set with the compiler's options, or in a file $name_config.h. */

      #include "$name.h"

      #include <string.h>

      #if $MACRO_HEADER != $HASH
      #error "$name.h must be the one that was exported with $name.c, but is another; take both of one export"
      #endif

      #ifdef __has_include
      #if __has_include("$name_config.h")
      #include "$name_config.h"
      #endif
      #endif

      """;

  static final String CONST =
      """
      /* The address space of the constant tables, in their types and in those of pointers to them. On AVR
       * it is flash, from which plain C reads in GNU's dialect (-std=gnu99; not -std=c99, not C++); where
       * flash is larger than 64 KB the slower __memx, which reaches all of it. */
      #ifndef $MACRO_SPACE
      #if !defined(__AVR__) || defined(__AVR_PM_BASE_ADDRESS__) || defined(__AVR_TINY__)
      #define $MACRO_SPACE
      #elif defined(__STRICT_ANSI__) || defined(__cplusplus) || !defined(__FLASH)
      #ifdef $MACRO_CONST
      #error "$MACRO_CONST must not be PROGMEM, which plain C does not read; compile $name.c as C with -std=gnu99, which needs no macro for flash, or define $MACRO_SPACE as nothing for another section"
      #endif
      #define $MACRO_SPACE
      #elif defined(__AVR_HAVE_ELPM__)
      #define $MACRO_SPACE __memx
      #else
      #define $MACRO_SPACE __flash
      #endif
      #endif

      /* What each constant table begins with: an attribute that puts it into a section, for example. */
      #ifndef $MACRO_CONST
      #define $MACRO_CONST
      #endif

      """;

  static final String RESTRICT =
      """
      /* For pointers to what no other pointer of a function reaches. */
      #if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L && !defined(__cplusplus)
      #define $MACRO_RESTRICT restrict
      #elif defined(__GNUC__) || defined(_MSC_VER)
      #define $MACRO_RESTRICT __restrict
      #else
      #define $MACRO_RESTRICT
      #endif

      """;

  static final String STEP =
      """
      /* How many products a dense layer or a convolution computes at once: 1, 2, 4, 8, 16 or 32. Where
       * there are no vectors, more than 1 is for nothing. */
      #ifndef $MACRO_STEP
      #if defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__riscv_vector)
      #define $MACRO_STEP 32
      #else
      #define $MACRO_STEP 1
      #endif
      #endif
      #if $MACRO_STEP < 1 || 32 % $MACRO_STEP != 0
      #error "$MACRO_STEP must be 1, 2, 4, 8, 16 or 32, because the arena has room for these"
      #endif

      """;

  static final String TRACE =
      """
      /* Sees each tensor when it is computed; the test program uses it. */
      #ifndef $MACRO_TRACE
      #define $MACRO_TRACE(tensor, codes) ((void)(codes))
      #endif
      """;

  static final String RUN =
      """

      void $name_run_in($unit *arena, const $in *input, $out *output)
      {
          (void)arena;
      $pointers
      $calls
      }

      #ifndef $MACRO_NO_STATIC_ARENA

      /* What the arena begins with: an attribute that puts it into a section, for example. */
      #ifndef $MACRO_ARENA
      #define $MACRO_ARENA
      #endif

      void $name_run(const $in *input, $out *output)
      {
          $MACRO_ARENA static $unit arena[$MACRO_ARENA_LENGTH];
          $name_run_in(arena, input, output);
      }

      #endif
      """;
}
