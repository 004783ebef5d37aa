/**
 * Runs an integer model.
 *
 * <pre>{@code
 * IntegerEngine ─▶ MemoryPlan                                    the place of each tensor
 *               ─▶ Ports ─▶ Port                                 examples in and out
 *               ─▶ ExampleLoop ─▶ Workspace ─▶ Scratch           the memory of a run
 *                              ─▶ Steps ─▶ Step                  an op made ready to run
 *                                   ├─▶ DenseAccumulator, DepthwiseAccumulator  sums of a pixel
 *                                   ├─▶ PlanarConvStep ─▶ Im2Col, PlanarLayout  of many pixels
 *                                   └─▶ OutputStage                             sums to codes
 * }</pre>
 *
 * <p>Accumulators and planar convolutions both keep the sums of two channels in one double:
 *
 * <pre>{@code
 * PackedAccumulator, PlanarConvStep ─▶ ChannelPacking, Products
 * }</pre>
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Sums never overflow.</b> They have 32 bits if a layer's weights prove that 32 are
 *       enough, and 64 bits otherwise. Shifts are exact for any distance between two grids.
 *   <li><b>Codes are ints,</b> at the API and inside. Unsigned codes of 16 bits do not fit into a
 *       short, and one type for all formats needs one loop.
 *   <li><b>An example runs through all ops before the next one starts.</b> Its tensors stay in the
 *       cache, and a larger batch needs no more memory.
 *   <li><b>Loops are plain and long,</b> so that HotSpot compiles them to vector instructions
 *       ({@link org.slimquant.engine.Products}): over the channels, or over the pixels of an image
 *       if there are more. The Vector API is still incubating and needs a flag.
 *   <li><b>Convolutions and dense layers compute two channels in one double</b> ({@link
 *       org.slimquant.engine.ChannelPacking}) if a layer's weights prove that this is exact. 8-bit
 *       weights nearly always do. Each product then computes two products of codes. The kernel
 *       takes about as much memory as with ints: 164 kilobytes instead of 147 for 3x3x64x64 codes,
 *       including the zeros up to a multiple of four. The patches take 36 kilobytes instead of 516,
 *       because a few input channels are enough at a time.
 *   <li><b>No pairs of products of shorts,</b> although HotSpot supports them. Both factors would
 *       have to be arrays, so each input would be copied for each channel. One such pair in a loop
 *       is no faster than four products of ints, and several crashed the compiler of JDK 17.
 *   <li><b>No {@code Math.min} or {@code Math.max} of ints in long loops.</b> JDK 17 does not
 *       compile them to vector instructions, but does so for a difference and its sign.
 *   <li><b>Workspaces are pooled for each engine, not kept for each thread.</b> The pool grows to
 *       the number of simultaneous runs and is freed with the engine.
 * </ul>
 */
@NullMarked
package org.slimquant.engine;

import org.jspecify.annotations.NullMarked;
