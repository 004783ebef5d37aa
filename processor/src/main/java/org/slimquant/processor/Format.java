package org.slimquant.processor;

/**
 * A fixed-point format: codes of {@code bits} bits that stand for multiples of {@code 2^frac}.
 *
 * @param signed whether the codes are symmetric about 0 or start at 0
 */
record Format(int bits, int frac, boolean signed) {}
