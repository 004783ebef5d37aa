/**
 * Formats, fake quantization, and the rerouting of a TensorFlow graph while it is built.
 *
 * <pre>{@code
 * generated code ─▶ GraphQuantizer ─▶ LayerQuantizer     what happens to a layer that was built
 *                        │        ─▶ KernelFinder       which edge reads the kernel
 *                        │        ─▶ Channels           which axes of it count output channels
 *                        │        ─▶ Biases             which edges read a bias, on which grid
 *                        │        ─▶ FakeQuant,         the ops, and their gradient
 *                        │           PerChannelFakeQuant, BiasFakeQuant
 *                        │        ─▶ TrainableForms     other ops where a gradient is wrong
 *                        │        ─▶ NativeGraph        the change of an edge
 *                        ▼
 *                  QuantizationPlan, Verifier           what was quantized, and whether all read it
 *                        │
 *                        └─▶ PlanWriter, PlanReader     the plan as a file
 * }</pre>
 *
 * <p>What stands at a site is a fake quant or an observer; which, is one object ({@link
 * org.slimquant.runtime.SiteOps}). A fake quant works in every run, or in those that probe its site
 * ({@link org.slimquant.runtime.Rounding}). With observers, data chooses the formats:
 *
 * <pre>{@code
 * calibrating graph ─▶ Observer ─▶ Calibrator ─▶ CalibrationStatistics ─▶ CalibrationMethod
 *                      counts,     adds up       mergeable                    │
 *                      extremes                                               ▼
 * quantized graph ◀─ Formats ◀───────────────────────────────────────── QuantizationPlan
 *                       │
 * probing graph ◀───────┘
 *      └─▶ ProbeRounding ─▶ SensitivityAnalysis ─▶ Sensitivity
 *          one site a run   adds up
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>One edge for a kernel, every edge for an output.</b> A kernel is read quantized by the
 *       kernel op of the layer that says so, whatever else reads the variable and in whatever order
 *       the model is written: a regularizer built before the layer sees the same as one built after
 *       it. A layer's output is quantized for everybody.
 *   <li><b>The kernel is found by what it is computed from,</b> not by its place alone, because a
 *       product may have it at any input: see {@link org.slimquant.runtime.KernelFinder}. Generated
 *       code therefore tells the quantizer all operands that flow into a layer, not only the
 *       annotated ones.
 *   <li><b>A second kernel that is computed from data is an error,</b> because it would stay float
 *       beside the first. A product of two activations is not, because no weights stay float there:
 *       see {@link org.slimquant.runtime.FedKernels}.
 *   <li><b>A bias is rounded to the accumulator it is added to.</b> An integer machine adds {@code
 *       b = floor(bias / 2^(d_input + d_kernel) + 1/2)}, for each channel where the kernel has
 *       them, so the graph adds {@code b * 2^(d_input + d_kernel)}. This is the one exception to
 *       one format for each tensor: layers that share a bias may have different accumulators, and
 *       then each has a fake quant of its own. It is the bias's one edge that is rerouted, as for
 *       kernels.
 *   <li><b>The grid of a layer's input is read off the graph,</b> by walking back to a fake quant,
 *       whoever made it: see {@link org.slimquant.runtime.GridWalk}. Where the walk finds none, the
 *       bias stays as it is and the plan remarks it. A layer whose input is quantized later, by a
 *       layer around it, is remarked too.
 *   <li><b>Dropout is looked through.</b> A bias behind it is rounded to the grid of what is
 *       deployed, which is that of the tensor before it: see {@link org.slimquant.runtime.Dropout},
 *       which is public because what compiles the graph shall see the same.
 *   <li><b>A calibrated bias fits 32 bits.</b> Its step is that of the input times that of the
 *       kernel, and only the kernel's exponent can give way without changing what other layers
 *       read. So calibration observes biases, chooses the formats of inputs and outputs first, and
 *       then no exponent of a kernel with which a bias would need more than 30 bits: see {@link
 *       org.slimquant.runtime.ChannelNeed}. The grid of a layer's input is found by the same walk
 *       as in a quantized graph, with sites in the place of fake quants: see {@link
 *       org.slimquant.runtime.GridOrigin}. A channel whose weights cannot move the layer's output
 *       by a quarter of its step, a dead one for example, is treated as one of zeros. Its own
 *       exponent would make the integers shift by 100 bits.
 *   <li><b>Codes beyond 24 or 32 bits are found in a session,</b> by {@link
 *       org.slimquant.runtime.GraphQuantizer#inspect}, because they depend on the values. The code
 *       of a bias is exact all the same: float32 has 24 bits, and a bias no more. Its sum with the
 *       accumulator may not be.
 *   <li><b>Per channel, three ops and no more.</b> TensorFlow's own op is 60 times slower than the
 *       per-tensor one, so a kernel is scaled to steps, rounded with a step of 1, and scaled back:
 *       see {@link org.slimquant.runtime.PerChannelFakeQuant}. Only kernels have channels.
 *   <li><b>Checks come before changes.</b> A layer that breaks a rule stays in the graph as the
 *       model built it, unquantized.
 *   <li><b>A fake quant stands on the device of the op whose output it rounds,</b> so that a layer
 *       in a device scope has its own there: see {@link org.slimquant.runtime.Devices}. Observers
 *       are placed by TensorFlow, because not every device has all of their ops.
 *   <li><b>No registry of graphs.</b> A quantizer is an object that the application holds. What
 *       must be shared in a graph, the constant bounds of a format, is found by its name.
 *   <li><b>The format's range is a little smaller than float32's.</b> TensorFlow's op computes
 *       {@code max - min}, which must be finite too; at {@code 129 - bits} it returns NaN.
 *   <li><b>The gradient of the op is registered for the whole process.</b> It serves bounds that
 *       are trained as well, so that nobody else's use of the op changes its meaning. If another
 *       library registered one before, ours is not needed: the stop-gradient form does without.
 *   <li><b>Each op of a layer has a right gradient, or its form has.</b> TensorFlow's C++ gradients
 *       of dilated and grouped convolutions and of explicit paddings are wrong, fail when they run,
 *       or end the process; and they cannot be replaced, because {@code registerCustomGradient} is
 *       accepted for an op that has one and then never called. So other ops take the place of such
 *       an op: see {@link org.slimquant.runtime.TrainableForm}. A quantizer does not know whether
 *       gradients will be added to the graph later, so every graph of {@link
 *       org.slimquant.runtime.GraphQuantizer#fakeQuant} has the forms, and no other graph has: a
 *       calibrating or probing graph stays the float model, bit for bit. The forms compute the same
 *       sums of products, so that the codes are the same wherever float32 adds them exactly. The op
 *       itself stays in the graph, so that a compiler reads it and not its form.
 *   <li><b>A plan's file is for people first.</b> It is protobuf's text format, a line for each
 *       value, in an order and with digits that depend on the plan alone, so that a review shows
 *       what changed. It has no checksum, because it may be edited; its last line tells that
 *       nothing was cut off. Every value is present: an absent one is never read as 0.
 *   <li><b>Any protobuf-java from 3.25 on.</b> An application has one for all its libraries. Code
 *       of protoc 3.25 that is compiled against 3.25 runs with all versions but 4.26 and 4.27, on
 *       which TensorFlow Java does not run either; code of a newer protoc runs with no older
 *       version. The newest is still what this library depends on, because it runs what any protoc
 *       has written. A version that does not fit is an error before any work is done: see {@link
 *       org.slimquant.io.ProtobufVersion}.
 *   <li><b>What reads and writes plans does not touch TensorFlow,</b> so that the annotation
 *       processor reads them with the same code.
 *   <li><b>{@code verify()} returns what it finds</b> instead of throwing, because a reader of raw
 *       weights may be meant: a penalty on their size, for example. What it finds is of two kinds,
 *       of one sealed type, so that whoever prints or counts findings misses none.
 *   <li><b>Statistics are counts and extremes,</b> never sums of floats: the plan is the same
 *       however batches are divided among processes and in whatever order they come. The bins of
 *       {@link org.slimquant.runtime.Histogram} follow float32 itself and need no range in advance;
 *       what they leave open is in {@link org.slimquant.runtime.Loss}.
 *   <li><b>Large feature maps are counted in part,</b> as counting costs more than a small
 *       convolution: see {@link org.slimquant.runtime.Observer}. Extremes are exact, so that {@code
 *       MAX} is, and no NaN gets through.
 *   <li><b>Inputs that lie on a coarse grid are exact.</b> Bins alone would show pixels that are
 *       multiples of 1/256 with 55 dB in the step 1/256, and {@code MIN_MSE} would clip the
 *       brightest for a finer one. So calibration also finds the coarsest power of two of which all
 *       of an input's elements are multiples: see {@link org.slimquant.runtime.Grid}.
 *   <li><b>Lost elements are counted, not weighed.</b> A squared error is blind to small elements
 *       beside large ones; a ratio "without the outliers" would need to know which these are, and a
 *       mask may be most of a tensor. The share of elements that become 0 needs no such choice, and
 *       comes from the same bins: see {@link org.slimquant.runtime.LostElements}.
 *   <li><b>A remark on a site goes where the site goes:</b> from calibration into the plan's file,
 *       and into the plan of a graph that is built with it, as long as the site's format is the
 *       same.
 *   <li><b>No overflow means no element beyond the range,</b> not beyond the last code's half-open
 *       cell, because the straight-through gradient ends at the range.
 *   <li><b>A batch counts whole or not at all.</b> One with a NaN is an error, and the statistics
 *       stay as they were.
 *   <li><b>A format that a plan gave at compile time is not the annotation's.</b> It is marked as
 *       the plan's, with the plan's fingerprint: calibration finds it anew, and a plan with another
 *       format is an error, because one of the two is out of date.
 *   <li><b>An annotation's format wins over the plan's.</b> Where two layers ask for one tensor, or
 *       for one variable, and one of them fixes the format, calibration takes that, so that the
 *       plan satisfies both.
 *   <li><b>All reads of a variable have one format.</b> A resource variable that two layers read,
 *       with an op each, has a site for each read, so that gradients and the order of reads and
 *       writes stay as the model has them; but their formats must be the same, as they must be for
 *       one tensor. See {@link org.slimquant.runtime.Variables}.
 *   <li><b>Which variables have no value is asked after a run has failed,</b> not before each: see
 *       {@link org.slimquant.runtime.UninitializedVariables}, which is public because what reads
 *       weights elsewhere shall say the same.
 *   <li><b>A site that a layer asks for and does not get is remarked,</b> because its tensor has
 *       another layer's site or because there is no kernel, so that whoever looks for it in the
 *       plan, the annotation processor too, knows why it is not there.
 *   <li><b>A tensor without reach gets an exponent near those of its kind,</b> because the smallest
 *       legal one would make an integer machine shift by 100 bits.
 *   <li><b>A sensitivity is that of the model's output,</b> {@code Σy² / Σ(q - y)²} over all
 *       batches and elements, as calibration measures tensors; the sums are made outside of the
 *       graph, in double and in one order, so that they do not depend on threads. An output of
 *       zeros that stays zero has lost nothing (infinite), one that does not is noise only
 *       (negative infinity). A site that the output does not read is not run, and said to be
 *       unread.
 *   <li><b>Which site is quantized is fed as a number,</b> and its step as a power of two that
 *       multiplies the bounds of its fake quant: all runs are one prepared graph, and the op is the
 *       one of a quantized graph. See {@link org.slimquant.runtime.ProbeRounding}.
 *   <li><b>A plan's site is known by what a model says of it,</b> because its number depends on the
 *       calls before it: the name of the kernel's variable, op types and shapes, in so far as they
 *       are the same whether a graph calibrates, probes, trains or is deployed. See {@link
 *       org.slimquant.runtime.OriginFinder} for what is looked at and {@link
 *       org.slimquant.plan.OriginMatcher} for what is the same. Names of ops are not: dropout or
 *       another op in front changes them. Where nothing is known, nothing is refused.
 *   <li><b>Names of calls belong to the thread,</b> see {@link org.slimquant.runtime.CallNames}. A
 *       scope of names would be another sign of a call, but a model in another scope is the same.
 *   <li><b>Initial values are refused where they are certain,</b> see {@link
 *       org.slimquant.runtime.InitialValues}. What says that they are meant is an op in the graph,
 *       so that it holds for whatever asks and is seen in the code that builds the graph.
 *   <li><b>A bias is probed in its format only.</b> Its step follows from those of input and
 *       kernel, so that d - 1 and d + 1 are not for anybody to choose.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime;

import org.jspecify.annotations.NullMarked;
