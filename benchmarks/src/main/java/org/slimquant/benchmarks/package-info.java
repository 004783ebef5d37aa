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
 *   <li>{@link org.slimquant.benchmarks.InferenceBenchmark}: the time of a network in each way of
 *       running it: ONNX Runtime with floats and with both integer forms, TensorFlow's float
 *       session, TensorFlow Lite's int8 interpreter, the integer engine and the exported C.
 *   <li>{@link org.slimquant.benchmarks.ProcessorBenchmark}: the time that the annotation processor
 *       and what it generates add to a compilation.
 *   <li>{@link org.slimquant.benchmarks.MemoryBenchmark}: the memory that closed graphs leave
 *       behind.
 * </ul>
 *
 * <p>What was decided for the networks:
 *
 * <ul>
 *   <li><b>Nobody is timed who computes something else.</b> Before each measurement the outputs are
 *       compared with the engine's: the integer forms and the C must have its codes. TensorFlow
 *       Lite rounds twice, and the floats not at all; their elements may be one code off on
 *       average. Measured for a batch of two, TensorFlow Lite is one code off at most, and five
 *       behind six convolutions, whose errors each amplify the last; the floats are up to 1.6 codes
 *       off, and more only where a code is clamped.
 *   <li><b>Random weights, with steps that use the codes.</b> The times do not depend on what a
 *       weight is, but the comparison does: where everything is clamped, any network computes the
 *       same. Whether {@code QOPERATOR} may have int8 weights does depend on the weights: those of
 *       {@code digits} are small enough, the others use all 8 bits.
 *   <li><b>What has one thread is not measured beside two.</b> With two, there is a pause before
 *       each turn: threads of ONNX Runtime wait for work in a loop for a while, and would take a
 *       core from whoever's turn is next.
 *   <li><b>int8 weights as they are, where they are exact.</b> {@code session.x64quantprecision}
 *       makes them exact on x86 without VNNI. But it converts them with VNNI too, where they are
 *       exact anyway and twice as fast: so it is set only where an experiment tells that the
 *       processor needs it.
 *   <li><b>The C is called in this process,</b> as a shared library that was compiled with {@code
 *       -O3 -march=native}: a call through JNA costs a microsecond, a process would cost a
 *       thousand.
 * </ul>
 */
@NullMarked
package org.slimquant.benchmarks;

import org.jspecify.annotations.NullMarked;
