/**
 * The integer model: a list of ops over tensors of codes, its file, and its memory plan.
 *
 * <pre>{@code
 * IntegerModel ─▶ IntegerOp ─▶ IntegerTensor ─▶ FixedPoint     the computation; always sound
 *    │   │            └─▶ WeightedOp ─▶ Kernel ─▶ Codes
 *    │   ├─▶ ModelWriter, ModelReader, OpReader, WeightsTable     the file: integer_model.proto
 *    │   └─▶ ModelLimits ─▶ WorkEstimate                         the limits for a file
 *    └─▶ MemoryPlan                                              the place of each tensor
 * }</pre>
 *
 * <p>This package needs protobuf, and does not need TensorFlow.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Every model is sound.</b> Each record checks itself when it is made. A runner, a writer
 *       or an exporter therefore checks nothing, and a file cannot make a bad model.
 *   <li><b>Each op rounds once.</b> The value of an op is exact until it is rounded to the output's
 *       grid: see {@link org.slimquant.model.IntegerOp}. This includes means, whose exact value is
 *       a fraction.
 *   <li><b>Activations clamp codes.</b> Rounding keeps the order of numbers, so clamping at 0 or 6
 *       before or after rounding gives the same code.
 *   <li><b>Shapes omit the batch.</b> Every tensor has the batch as its first axis, and no op
 *       combines examples.
 *   <li><b>A model has any number of inputs and outputs,</b> in the order in which the user lists
 *       them. Every input is read by an op, and every output is listed once, so that an exporter
 *       has no special cases. Other tensors can be traced by name.
 *   <li><b>Sum, difference, product, maximum and minimum are one kind of op,</b> {@link
 *       org.slimquant.model.BinaryOp}. They differ in one function of two integers, so they have
 *       one case in {@link org.slimquant.model.OpCases}, and one rule of broadcasting. Both tensors
 *       have as many axes: TensorFlow aligns the last axes, and would else align the batch of one
 *       tensor with another axis of the other.
 *   <li><b>Ops hold their tensors, not indices.</b> So each op can be read and checked by itself.
 *       The file has indices, so that it stores no tensor twice.
 *   <li><b>A pooling keeps its format.</b> A {@link org.slimquant.model.Requantize} after it
 *       changes the format: the largest code is the same before and after the pooling. A mean over
 *       space is an average whose window is the image.
 *   <li><b>Sums fit into 64 bits.</b> Tensors and kernels have at most 2^28 elements. A model is
 *       refused only if a sum of two grids would need more: an {@link org.slimquant.model.Add} of
 *       steps 2^33 apart, or an average with a step 2^17 times finer than its input's.
 *   <li><b>The file has a checksum.</b> A flipped bit in a kernel would be another kernel. The
 *       checksum finds damage, not malice. A plan has no checksum, because people edit plans.
 *   <li><b>Kernels are bytes in the file,</b> one or two for each code. A reader can check their
 *       length before it allocates anything, and NumPy reads them with {@code frombuffer}.
 *   <li><b>Unknown fields are refused,</b> because they may change what the other fields mean. A
 *       new field needs a new version. Older versions can still be read.
 *   <li><b>Kernels and biases have lists of their own in the file,</b> and ops refer to them by
 *       index. A layer that is called eight times stores its kernel once. Equal kernels are one
 *       entry, so the same model always gives the same file.
 *   <li><b>A file is not trusted.</b> A few bytes can describe tensors of gigabytes, so {@link
 *       org.slimquant.model.ModelLimits} bound the resources that a file may require. If you know
 *       the file, you can raise them. A model that a program builds has no limits.
 *   <li><b>Reading and writing are here, not in a package of their own,</b> because {@code
 *       IntegerModel.read} and the reader need each other.
 * </ul>
 */
@NullMarked
package org.slimquant.model;

import org.jspecify.annotations.NullMarked;
