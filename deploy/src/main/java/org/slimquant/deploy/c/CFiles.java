package org.slimquant.deploy.c;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What was exported.
 *
 * @param name the model's name in C, with which the functions of the header begin
 * @param header declares the functions, and has sizes and formats as macros
 * @param source the model
 * @param test a program that runs the model and compares every tensor with what it must be; it
 *     includes the source, and returns 0 if all are the same; empty unless the macro {@code
 *     <NAME>_TEST} is defined, so that it may lie beside a program of the user's
 * @param footprint the memory that the code takes
 */
public record CFiles(String name, Path header, Path source, Path test, CFootprint footprint) {

  /**
   * Returns a macro of the model.
   *
   * @param word what stands behind the model's name in upper case: {@code INPUT_SIZE} or {@code
   *     TEST}, for example
   */
  public String macro(String word) {
    return name.toUpperCase(Locale.ROOT) + "_" + word;
  }
}
