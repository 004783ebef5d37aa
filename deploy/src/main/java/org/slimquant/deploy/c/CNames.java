package org.slimquant.deploy.c;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names for C, made from names that are any text.
 *
 * <p>Letters, digits and underscores stay, anything else becomes an underscore. Two names that
 * would be the same get a number. Who uses an identifier puts a word behind it, {@code
 * conv1_kernel}: so it cannot be a keyword or a name of the C library.
 */
final class CNames {

  /** What the name of a test program has behind the model's. */
  static final String TEST = "_test";

  // C99 promises 63 characters within a file, and 31 across files.
  private static final int LONGEST = 40;
  private static final int LONGEST_MODEL = 20;
  private static final int LONGEST_TEXT = 60;

  /** Headers of C, and files that Windows cannot have. */
  private static final Set<String> TAKEN_FILES =
      Set.of(
          "assert",
          "complex",
          "ctype",
          "errno",
          "fenv",
          "float",
          "inttypes",
          "iso646",
          "limits",
          "locale",
          "math",
          "setjmp",
          "signal",
          "stdarg",
          "stdbool",
          "stddef",
          "stdint",
          "stdio",
          "stdlib",
          "string",
          "tgmath",
          "time",
          "wchar",
          "wctype",
          "aux",
          "con",
          "nul",
          "prn");

  private final Set<String> taken = new LinkedHashSet<>();

  /**
   * Returns the identifier of a model, which its files are named after too. None ends in {@link
   * #TEST}: so no model's source is another's test program.
   */
  static String model(String name) {
    String identifier = identifier(name, "model", LONGEST_MODEL).toLowerCase(Locale.ROOT);
    boolean file = TAKEN_FILES.contains(identifier) || identifier.matches("(com|lpt)\\d");
    return file || identifier.endsWith(TEST) ? identifier + "_model" : identifier;
  }

  /**
   * Returns an identifier that no other name has.
   *
   * @param name any text
   * @param otherwise the identifier of a text that has no letter of C's
   */
  String unique(String name, String otherwise) {
    String identifier = identifier(name, otherwise, LONGEST);
    String candidate = identifier;
    for (int number = 2; !taken.add(candidate); number++) {
      candidate = identifier + "_" + number;
    }
    return candidate;
  }

  private static String identifier(String name, String otherwise, int longest) {
    String letters =
        name.substring(0, Math.min(name.length(), longest))
            .replaceFirst(":0$", "")
            .replaceAll("[^A-Za-z0-9]+", "_")
            .replaceAll("^_|_$", "");
    if (letters.isEmpty()) {
      return otherwise;
    }
    return Character.isDigit(letters.charAt(0)) ? otherwise + "_" + letters : letters;
  }

  /** Returns a name as it may stand in a comment: one line, in ASCII, that does not end it. */
  static String comment(String name) {
    return shortened(name)
        .replaceAll("[^ -~]|\\\\|\\?", ".")
        .replace("*/", "* /")
        .replace("/*", "/ *");
  }

  /** Returns a name as a string of C, with its quotes. */
  static String quoted(String name) {
    return '"' + shortened(name).replaceAll("[^ -~]|\\\\|\\?", ".").replace("\"", "\\\"") + '"';
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_TEXT ? name : name.substring(0, LONGEST_TEXT) + "...";
  }
}
