package org.slimquant.deploy.c;

import java.util.List;
import java.util.stream.Stream;

/**
 * A function of the source.
 *
 * @param kind the name without the model and the types, {@code dense}
 * @param name its name in C
 * @param file the file of its template
 * @param text its definition
 * @param callees the functions that it calls
 */
record CFunction(String kind, String name, String file, String text, List<CFunction> callees) {

  /** Returns this function and all that it needs, each after those that it calls. */
  Stream<CFunction> inOrder() {
    return Stream.concat(callees.stream().flatMap(CFunction::inOrder), Stream.of(this));
  }
}
