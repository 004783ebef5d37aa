package org.slimquant.processor;

/**
 * The formats of a layer.
 *
 * @param kernelRequired whether the annotation speaks of the kernel, so that a layer without one is
 *     an error
 */
record LayerFormats(Format kernel, Format output, boolean kernelRequired) {}
