package org.slimquant.engine;

import java.nio.charset.StandardCharsets;

/** What holds for the names of models, ops and tensors alike. */
final class Names {

  private Names() {}

  /**
   * Checks a name. Any text is one, as the user's graph has it, but none that a file could not
   * keep.
   *
   * @param what what has the name, for messages
   * @throws IllegalArgumentException if the name is empty, or no text
   */
  static void check(String name, String what) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "%s must have a name, but its name is empty".formatted(what));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException(
          "the name of %s must be Unicode text, but \"%s\" has half a character"
              .formatted(what, name));
    }
  }
}
