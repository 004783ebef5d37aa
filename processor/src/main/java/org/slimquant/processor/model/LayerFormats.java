package org.slimquant.processor.model;

import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer.
 *
 * @param kernelRequired whether the annotation mentions the kernel, so that a layer without one is
 *     an error
 */
public record LayerFormats(FormatRequest kernel, FormatRequest output, boolean kernelRequired) {}
