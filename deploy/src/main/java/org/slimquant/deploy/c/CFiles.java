package org.slimquant.deploy.c;

import java.nio.file.Path;

/**
 * What was exported.
 *
 * @param name the model's name in C, as the functions and macros of the header have it
 * @param header declares the functions, and has sizes and formats as macros
 * @param source the model
 * @param test a program that runs the model and compares every tensor with what it must be; it
 *     includes the source, and returns 0 if all are the same
 * @param footprint the memory that the code takes
 */
public record CFiles(String name, Path header, Path source, Path test, CFootprint footprint) {}
