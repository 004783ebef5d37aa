/**
 * The benchmarks, which {@code mvn -Pbenchmark} runs with JMH.
 *
 * <ul>
 *   <li>{@code Benchmarks} is the program; {@code Measure} lists the benchmarks that it runs.
 *   <li>{@code quantizer} measures the costs of quantization before deployment: inserting fake
 *       quants, computing them, calibration, training, compilation and memory.
 *   <li>{@code inference} measures the speed of an integer model in each way of running it.
 *   <li>{@code harness} turns JMH's counters into figures and the figures into a report.
 * </ul>
 *
 * <h2>How to read the figures</h2>
 *
 * <ul>
 *   <li>A ratio compares two times of one run. They were taken in turns, in one process, on one
 *       thread of TensorFlow. So a ratio means the same on a slow machine and on a fast one.
 *   <li>A figure is the median of the iterations. Its spread goes from the lower to the upper
 *       quartile.
 *   <li>Times in seconds depend on the machine. They show the order of magnitude.
 *   <li>A goal is an upper bound for the median; no test asserts it. An indented figure has no
 *       goal: it gives the context of the figure above it.
 * </ul>
 */
@NullMarked
package org.slimquant.benchmarks;

import org.jspecify.annotations.NullMarked;
