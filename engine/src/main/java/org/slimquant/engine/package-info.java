/**
 * The integer model, its file, and what runs it.
 *
 * <pre>{@code
 * IntegerModel ─▶ IntegerOp ─▶ IntegerTensor ─▶ FixedPoint     what is computed; always sound
 *    │   │            └─▶ WeightedOp ─▶ Kernel ─▶ Codes
 *    │   ├─▶ ModelWriter, ModelReader, OpReader, WeightsTable     the file: integer_model.proto
 *    │   └─▶ ModelLimits ─▶ WorkEstimate                         what a file may ask for
 *    ▼
 * IntegerEngine ─▶ MemoryPlan                                    where each tensor lies
 *               ─▶ Port                                          examples in and out
 *               ─▶ Workspace ─▶ WorkspaceSize                    the memory of a run
 *               ─▶ Steps ─▶ Step                                 an op made ready to run
 *                             ├─▶ DenseAccumulator, DepthwiseAccumulator     sums of a place
 *                             ├─▶ PlanarConvStep ─▶ PlaneLines, PlanarLayout  of many places
 *                             └─▶ OutputStage                                 codes of sums
 * }</pre>
 *
 * <p>Sums of two channels are in one double, in accumulators and planes alike:
 *
 * <pre>{@code
 * PackedAccumulator, PlanarConvStep ─▶ ChannelPacking, Products
 * }</pre>
 *
 * <p>Nothing here knows TensorFlow: an application that only runs integers ships this package and
 * protobuf.
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>A model that exists is sound.</b> Every record checks itself when it is made: tensors
 *       their shapes, kernels their codes, ops what they read and write, the model the order. So
 *       whatever runs, writes or exports a model checks nothing, and a file cannot make a bad one.
 *   <li><b>One rounding for each op.</b> What an op computes is exact until it is brought to the
 *       output's grid: see {@link org.slimquant.engine.IntegerOp}. That holds for means, too, whose
 *       exact value is a fraction.
 *   <li><b>Activations are clamps of codes.</b> Rounding keeps the order of numbers, so to cut off
 *       at 0 or 6 before it or after it is the same.
 *   <li><b>Shapes are without the batch.</b> Every tensor has it, as its first axis, and no op
 *       looks across it.
 *   <li><b>One input, one output.</b> The graphs that are compiled have them; what else somebody
 *       wants to see is traced by its name.
 *   <li><b>Ops hold their tensors, not indices.</b> An op is understood and checked by itself. In
 *       the file they are indices, so that nothing is said twice.
 *   <li><b>A pooling keeps its format,</b> and another format behind it is a {@link
 *       org.slimquant.engine.Requantize}: the largest code is the same before and after. A mean
 *       over space is an average whose window is the image.
 *   <li><b>Sums never overflow.</b> Tensors and kernels have at most 2^28 elements, so 64 bits are
 *       enough for any layer; where a layer's weights prove that 32 are, its sums have 32. Shifts
 *       are exact however far apart two grids are; only where a sum of two grids would need more
 *       than 64 bits (an {@link org.slimquant.engine.Add} of steps 2^33 apart, an average 2^17
 *       times finer than its input) the model is refused.
 *   <li><b>Codes are ints</b> at the API and in the engine, because unsigned codes of 16 bits do
 *       not fit a short, and one type for all formats keeps one loop for all.
 *   <li><b>One example at a time, through all ops.</b> Its tensors stay in the cache, and the
 *       memory of a run does not depend on the batch, so nothing is allocated for a larger one.
 *   <li><b>Plain loops, in a form that HotSpot makes vector instructions of</b> ({@link
 *       org.slimquant.engine.Products}), and long ones: over the channels, or over the places of an
 *       image where these are more. The Vector API is still incubating and needs a flag.
 *   <li><b>Convolutions and dense layers compute two channels in one double</b> ({@link
 *       org.slimquant.engine.ChannelPacking}), where a layer's weights prove that this is exact, as
 *       those of 8 bits nearly always do. The loop is as long, and each of its products counts
 *       twice. A kernel takes no more memory than as ints: 164 kilobytes instead of 147 for
 *       3x3x64x64 codes, with what fills up fours; the lines of its inputs 36 instead of 516, as
 *       those of a few input channels are enough at a time.
 *   <li><b>No products of shorts, two by two,</b> which HotSpot knows, too: both factors must be
 *       arrays, so each input would be copied for each channel; one such pair in a loop is no
 *       faster than four products of ints, and several have crashed the compiler of JDK 17.
 *   <li><b>No {@code Math.min} and {@code Math.max} of ints in long loops:</b> JDK 17 makes no
 *       vector instructions of them, but does of a difference and its sign.
 *   <li><b>A pool of workspaces, not one for each thread:</b> it is as large as there were runs at
 *       the same time, and goes with the engine.
 *   <li><b>The file has a checksum,</b> unlike a plan's: nobody edits it, and a flipped bit in a
 *       kernel would be another kernel. The checksum finds damage, not malice.
 *   <li><b>Kernels are bytes in the file,</b> one or two for a code, not protobuf's numbers: a
 *       kernel of 8 bits takes what it must, its length is checked before anything is allocated,
 *       and NumPy reads it with {@code frombuffer}.
 *   <li><b>{@link org.slimquant.io.AtomicFile} is public,</b> because whatever writes files of
 *       models stands on this package and should write them as it does. The runtime, which knows
 *       nothing of integer models, has its own for plans: one short class twice is less than a
 *       module for it.
 *   <li><b>Fields that nobody knows are refused,</b> because they might change what the others
 *       mean; a new field is a new version. Older versions are still read.
 *   <li><b>Kernels and biases have lists of their own in the file,</b> and ops have indices, so
 *       that a layer that is called eight times has its kernel once. What is equal is one, whether
 *       or not it was one object: the same model gives the same file.
 *   <li><b>A file is not trusted.</b> A few bytes can describe tensors of gigabytes, so {@link
 *       org.slimquant.engine.ModelLimits} bound what a model may ask for, and a caller who knows
 *       the file can raise them. A model that was made in memory has no limits: who makes it
 *       decides.
 * </ul>
 */
@NullMarked
package org.slimquant.engine;

import org.jspecify.annotations.NullMarked;
