package org.slimquant.deploy.c;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names for what a model has, made from names that are any text.
 *
 * <p>Letters, digits and underscores stay, anything else becomes an underscore. Two names that
 * would be the same get a number. Who uses an identifier puts a word behind it, {@code
 * conv1_codes}: so it cannot be a keyword or a name of the C library.
 */
final class CNames {

  // C99 promises that 63 characters of a name within a file count.
  private static final int LONGEST = 63;
  private static final int LONGEST_NUMBER = "_9999".length();
  private static final int LONGEST_TEXT = 60;

  private final Set<String> taken = new LinkedHashSet<>();
  private final int longest;

  /**
   * Creates names of which none is given yet.
   *
   * @param beside the most characters that stand before and behind one of them
   */
  CNames(int beside) {
    longest = LONGEST - LONGEST_NUMBER - beside;
  }

  /**
   * Returns an identifier that no other name has.
   *
   * @param name any text
   * @param otherwise the identifier of a text that has no letter of C's
   */
  String unique(String name, String otherwise) {
    return numbered(identifier(name, otherwise));
  }

  /** Returns the same with an upper-case letter at the beginning, {@code Conv1}. */
  String uniqueCapital(String name, String otherwise) {
    String identifier = identifier(name, otherwise);
    return numbered(identifier.substring(0, 1).toUpperCase(Locale.ROOT) + identifier.substring(1));
  }

  private String numbered(String identifier) {
    String candidate = identifier;
    for (int number = 2; !taken.add(candidate); number++) {
      candidate = identifier + "_" + number;
    }
    return candidate;
  }

  private String identifier(String name, String otherwise) {
    String words = words(name.replaceFirst(":0$", ""));
    String letters =
        words.isEmpty() || Character.isDigit(words.charAt(0)) ? otherwise + "_" + words : words;
    return letters.substring(0, Math.min(letters.length(), longest)).replaceFirst("_$", "");
  }

  /** Returns the letters and digits of a name, with an underscore for what lies between them. */
  static String words(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
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
    return '"' + printable(name).replace("\"", "\\\"") + '"';
  }

  /** Returns a name as it is printed: as many characters of ASCII as C counts in it. */
  static String printable(String name) {
    return shortened(name).replaceAll("[^ -~]|\\\\|\\?", ".");
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_TEXT ? name : name.substring(0, LONGEST_TEXT) + "...";
  }
}
