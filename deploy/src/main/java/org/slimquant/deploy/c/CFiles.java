package org.slimquant.deploy.c;

import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of an export.
 *
 * @param name the model's name in C, the prefix of all functions
 * @param header the declarations of the functions, and sizes and formats as macros
 * @param source the model as code
 * @param test a program that includes the source, runs the model, and compares every tensor with
 *     its expected codes; it returns 0 if all are equal. The program is empty unless the macro
 *     {@code <NAME>_TEST} is defined, so it can be in the folder of another program
 * @param footprint the memory that the code needs
 */
public record CFiles(String name, Path header, Path source, Path test, CFootprint footprint) {

  /**
   * Returns a macro of the model.
   *
   * @param word the end of the macro, after the model's name in upper case: {@code INPUT_SIZE} or
   *     {@code TEST}, for example
   */
  public String macro(String word) {
    return name.toUpperCase(Locale.ROOT) + "_" + word;
  }
}
