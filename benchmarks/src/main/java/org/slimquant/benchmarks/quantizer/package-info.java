/**
 * Benchmarks of the costs of quantization before deployment.
 *
 * <ul>
 *   <li>{@link org.slimquant.benchmarks.quantizer.InsertBenchmark}: the time to quantize a tensor
 *       of a graph, and {@link org.slimquant.benchmarks.quantizer.ScanBenchmark}, the method of
 *       scanning all ops.
 *   <li>{@link org.slimquant.benchmarks.quantizer.FakeQuantBenchmark}: the time of a fake quant,
 *       forward and backward, in copies of its tensor.
 *   <li>{@link org.slimquant.benchmarks.quantizer.PerChannelBenchmark}: the time of a fake quant
 *       with an exponent for each channel, in copies of the kernel.
 *   <li>{@link org.slimquant.benchmarks.quantizer.CalibrationBenchmark}: the time of a calibration
 *       pass, in forward passes of the float model.
 *   <li>{@link org.slimquant.benchmarks.quantizer.TrainingStepBenchmark}: the time of a step of
 *       quantization-aware training, in steps of float training.
 *   <li>{@link org.slimquant.benchmarks.quantizer.ProcessorBenchmark}: the time that the annotation
 *       processor and its generated classes add to a compilation.
 *   <li>{@link org.slimquant.benchmarks.quantizer.MemoryBenchmark}: the memory that closed graphs
 *       do not release.
 * </ul>
 */
@NullMarked
package org.slimquant.benchmarks.quantizer;

import org.jspecify.annotations.NullMarked;
