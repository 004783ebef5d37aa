package org.slimquant.processor;

import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer.
 *
 * @param kernelRequired whether the annotation speaks of the kernel, so that a layer without one is
 *     an error
 */
record LayerFormats(FormatRequest kernel, FormatRequest output, boolean kernelRequired) {}
