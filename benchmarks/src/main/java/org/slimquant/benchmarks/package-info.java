/**
 * What the quantizer costs: benchmarks with JMH, run by {@code mvn -Pbenchmark}.
 *
 * <p>How to read the figures: a ratio compares two times of one run that were taken in turns, in
 * one process, on one thread of TensorFlow; it means the same on a slow machine and a fast one. A
 * figure is the median of the iterations, and its spread runs from the lower to the upper quartile.
 * Times in seconds depend on the machine and are there for their order of magnitude. A goal is an
 * upper bound that the median should keep; no test asserts it. An indented figure has no goal: it
 * puts the one above it into context.
 *
 * <ul>
 *   <li>{@link org.slimquant.benchmarks.InsertBenchmark}: the time to quantize a tensor of a graph,
 *       and {@link org.slimquant.benchmarks.ScanBenchmark}, the old way.
 *   <li>{@link org.slimquant.benchmarks.FakeQuantBenchmark}: the time of the op, forward and
 *       backward, in copies of its tensor.
 *   <li>{@link org.slimquant.benchmarks.PerChannelBenchmark}: the time of a fake quant with an
 *       exponent for each channel, in copies of the kernel.
 *   <li>{@link org.slimquant.benchmarks.CalibrationBenchmark}: a calibration pass, in forward
 *       passes of the float model.
 *   <li>{@link org.slimquant.benchmarks.TrainingStepBenchmark}: a step of quantization-aware
 *       training, in steps of float training.
 *   <li>{@link org.slimquant.benchmarks.InferenceBenchmark}: a run of the integer engine, in runs
 *       of TensorFlow's float session and of TensorFlow Lite's int8 interpreter.
 *   <li>{@link org.slimquant.benchmarks.ProcessorBenchmark}: the time that the annotation processor
 *       and what it generates add to a compilation.
 *   <li>{@link org.slimquant.benchmarks.MemoryBenchmark}: the memory that closed graphs leave
 *       behind.
 * </ul>
 */
@NullMarked
package org.slimquant.benchmarks;

import org.jspecify.annotations.NullMarked;
