package org.slimquant.runtime;

/**
 * What calibration measured of a tensor, in the format that its site has.
 *
 * @param min the smallest element
 * @param max the largest element
 * @param clippedShare the share of the elements whose code saturates, 0 to 1
 * @param sqnrDb the signal-to-quantization-noise ratio in decibels, {@code 10 log10(Σx² / Σ(q(x) -
 *     x)²)}; infinite if nothing is lost
 */
public record Measure(float min, float max, double clippedShare, double sqnrDb) {}
