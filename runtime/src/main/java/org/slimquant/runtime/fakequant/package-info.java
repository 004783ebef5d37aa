/**
 * The ops of fake quants, their straight-through gradient, and their recognition in a graph.
 *
 * <pre>{@code
 * FakeQuantPlacement ─▶ SteadyPlacement     rounds in every run
 *                    ─▶ ProbePlacement      rounds in the runs that probe its site
 *         │
 *         ▼
 * PerTensorFakeQuant, PerChannelFakeQuant, BiasFakeQuant ─▶ FakeQuantGradient
 *         ▲
 * FakeQuantForms                            reads them back, by the values of the bounds
 * }</pre>
 *
 * <ul>
 *   <li><b>Per channel, three ops and no more.</b> TensorFlow's own op is 60 times slower than the
 *       per-tensor one. So a kernel is scaled to steps, rounded with a step of 1, and scaled back.
 *   <li><b>The gradient is registered for the whole process.</b> It serves bounds that are trained
 *       as well, so that other uses of the op keep their meaning. If another library has registered
 *       a gradient, fake quants are composed and do not need this one.
 *   <li><b>A probed site is chosen by a number that is fed,</b> and its step by a power of two that
 *       multiplies the bounds: all runs share one prepared graph, and the op is the one of a
 *       quantized graph.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime.fakequant;

import org.jspecify.annotations.NullMarked;
