package org.slimquant.processor.model;

import org.slimquant.format.FormatRequest;

/**
 * The name and format of one of the outputs of a layer that returns several.
 *
 * @param name the name of its site: {@code output_1}, or that of a record's component
 */
public record OutputFormat(String name, FormatRequest format) {}
