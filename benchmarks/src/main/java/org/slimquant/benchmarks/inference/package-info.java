/**
 * The time of a network in each way of running it: {@link
 * org.slimquant.benchmarks.inference.InferenceBenchmark}.
 *
 * <ul>
 *   <li>{@code BenchmarkNetwork} has the networks, which {@code NetworkBuilder} builds; {@code
 *       Workload} is a network with its inputs.
 *   <li>{@code Way} lists the ways, and has a {@code NetworkRunner} for each: ONNX Runtime with
 *       floats and with both integer forms, TensorFlow's float session, TensorFlow Lite's int8
 *       interpreter, the integer engine and the exported C.
 *   <li>{@code TfLiteFile} and {@code TfLiteTables} write the file for TensorFlow Lite.
 * </ul>
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li><b>Only equal computations are compared.</b> Before each measurement the outputs are
 *       compared with the engine's. The integer forms and the C must have its codes. TensorFlow
 *       Lite rounds twice and the float networks do not round, so their elements may differ by one
 *       code on average. Measured for a batch of two, the elements of TensorFlow Lite differ by at
 *       most one code, and by five after six convolutions, because each amplifies the errors of the
 *       one before. The floats differ by up to 1.6 codes, and by more only where a code is clamped.
 *   <li><b>The weights are random, and the steps use all codes.</b> The times do not depend on the
 *       weights, but the comparison does: if all codes are clamped, any network computes the same.
 *       The weights also decide whether {@code QOPERATOR} may have int8 weights. Those of {@code
 *       digits} are small enough; the others use all 8 bits.
 *   <li><b>One thread is not measured beside two.</b> With two threads, there is a pause before
 *       each turn. Threads of ONNX Runtime wait for work in a loop for a while, and would take a
 *       core from the next turn.
 *   <li><b>int8 weights stay int8 if that is exact.</b> {@code session.x64quantprecision} makes
 *       them exact on x86 without VNNI. But it converts them on processors with VNNI too, where
 *       they are exact anyway and twice as fast. So it is set only if an experiment shows that the
 *       processor needs it.
 *   <li><b>The C is called in this process,</b> as a shared library that was compiled with {@code
 *       -O3 -march=native}. A call through JNA costs a microsecond; a process would cost a thousand
 *       microseconds.
 * </ul>
 */
@NullMarked
package org.slimquant.benchmarks.inference;

import org.jspecify.annotations.NullMarked;
