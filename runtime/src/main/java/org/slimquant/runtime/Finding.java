package org.slimquant.runtime;

/**
 * A finding of {@link GraphQuantizer#verify}: an edge around a fake quant, or an op that the graph
 * trains through with a wrong gradient. {@link Object#toString} returns it as a sentence.
 */
public sealed interface Finding permits UnquantizedRead, WrongGradient {}
