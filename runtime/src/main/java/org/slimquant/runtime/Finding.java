package org.slimquant.runtime;

/**
 * What {@link GraphQuantizer#verify} finds in a graph: an edge around a fake quant, or an op that
 * the graph trains through with a wrong gradient. {@link Object#toString} tells it as a sentence.
 */
public sealed interface Finding permits UnquantizedRead, WrongGradient {}
