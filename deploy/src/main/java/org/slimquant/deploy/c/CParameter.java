package org.slimquant.deploy.c;

import java.util.Locale;
import org.slimquant.model.IntegerTensor;

/**
 * A parameter of the functions that run a model: the caller's array for an input or an output.
 *
 * @param name its name in C: {@code input}, or {@code input_2} if there are several
 * @param tensor the tensor whose codes it has
 * @param readOnly whether it is an input
 */
record CParameter(String name, IntegerTensor tensor, boolean readOnly) {

  /** Returns the type of its elements. */
  CType type() {
    return CType.of(tensor);
  }

  /** Returns the words for it in macros: {@code INPUT_2}. */
  String macro() {
    return name.toUpperCase(Locale.ROOT);
  }

  /** Returns its declaration as a parameter. */
  String declaration() {
    return "%s%s *%s".formatted(readOnly ? "const " : "", type().text, name);
  }
}
