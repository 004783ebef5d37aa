package org.slimquant.runtime;

import org.slimquant.format.FormatRequest;

/**
 * The format of an input operand of a layer, as its parameter's annotation gives it.
 *
 * @param name the parameter's name
 * @param format the format of its operand
 */
public record QuantizedInput(String name, FormatRequest format) {}
