package org.slimquant.runtime;

import org.slimquant.format.FormatRequest;

/**
 * The name and the format of one of the operands that a layer returns.
 *
 * @param name the name of its site: {@code output}, or the name of a record's component
 * @param format the format of the operand
 */
public record QuantizedOutput(String name, FormatRequest format) {}
