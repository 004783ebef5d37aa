package org.slimquant.model.check;

import java.nio.charset.StandardCharsets;

/** The rules for the names of models, ops and tensors. */
public final class Names {

  private static final int MAX_LENGTH = 1 << 14;

  private Names() {}

  /**
   * Checks a name. A name may be any text of the user's graph that a file can store.
   *
   * @param what the thing that has the name, for messages
   * @throws IllegalArgumentException if the name is empty, too long, or not a text
   */
  public static void check(String name, String what) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "%s must have a name, but its name is empty".formatted(what));
    }
    // Tables are as wide as the longest name, in each of their rows.
    if (name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the name of %s must have at most %d characters, but has %d"
              .formatted(what, MAX_LENGTH, name.length()));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException(
          "the name of %s must be Unicode text, but \"%s\" has half a character"
              .formatted(what, name));
    }
  }
}
