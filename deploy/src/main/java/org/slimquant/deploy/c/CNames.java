package org.slimquant.deploy.c;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Identifiers of C for the names of ops and tensors, which may be any text.
 *
 * <p>Letters, digits and underscores stay, other characters become an underscore. A number
 * distinguishes identifiers that would otherwise be equal. The caller appends a word to each
 * identifier, {@code conv1_codes}, so it cannot be a keyword or a name of the C library.
 */
final class CNames {

  // C99 distinguishes names within a file by their first 63 characters.
  private static final int LONGEST = 63;
  private static final int LONGEST_NUMBER = "_9999".length();
  private static final int LONGEST_TEXT = 60;

  private final Set<String> taken = new LinkedHashSet<>();
  private final int longest;

  /**
   * Creates an empty set of names.
   *
   * @param affixes the most characters that a caller puts before and after an identifier
   */
  CNames(int affixes) {
    longest = LONGEST - LONGEST_NUMBER - affixes;
  }

  /**
   * Returns an identifier that was not returned before.
   *
   * @param name any text
   * @param otherwise the identifier, or its beginning, if the name does not begin with a letter
   */
  String unique(String name, String otherwise) {
    return numbered(identifier(name, otherwise));
  }

  /** Returns such an identifier with an upper-case letter at the beginning, {@code Conv1}. */
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

  /** Returns a name with an underscore for each group of characters that C does not allow. */
  static String words(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
  }

  /** Returns a name for a comment: one line of ASCII that does not end the comment. */
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

  /** Returns a name as the test program prints it: ASCII without escapes. */
  static String printable(String name) {
    return shortened(name).replaceAll("[^ -~]|\\\\|\\?", ".");
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_TEXT ? name : name.substring(0, LONGEST_TEXT) + "...";
  }
}
