/**
 * Models as integer ops, rounded half up.
 *
 * <pre>{@code
 * OperatorForm ─▶ HalfUpQuantizer                             the input's codes
 *       ├─▶ LayerForm ─▶ ColumnBlocks                         layers as convolutions
 *       ├─▶ GridForm, BinaryForm, AverageForm                 other grids, ops of two tensors, means
 *       │       └─▶ ConvolutionOps ─▶ HalfUpRounding          the trick for ties
 *       ├─▶ MoveForm                                          MaxPool, Pad, Reshape
 *       └─▶ Uint8Tensor, Sums                                 the bounds of elements and sums
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>Half up by one ulp.</b> ONNX rounds half to even. The scale of a convolution is one ulp
 *       above its power of two, and the zero point makes sums positive: see {@code HalfUpRounding},
 *       with the proof. If the proof does not hold for a layer, its sums stay in int32 and are
 *       divided: this is slower and also exact.
 *   <li><b>The input has no ties.</b> {@code floor(2x) + 1/2} is not a tie, and half of it is
 *       rounded to the code that x has when it is rounded half up, for every float: see {@code
 *       HalfUpQuantizer}.
 *   <li><b>uint8, with zero point 0 after a ReLU.</b> A signed format loses a bit there, but
 *       elements below 128 keep the products of the fast kernels from saturating. Elements of
 *       tensors with negative codes are shifted by 128.
 *   <li><b>A clamp only where a sum can leave the range.</b> Unsigned formats of 8 bits need none,
 *       because uint8 saturates at the same codes. A clamp of a ReLU costs a pass over its bytes.
 *   <li><b>Standard ops only.</b> QLinearConv is the only integer op that has a bias and a fast
 *       kernel. ONNX has no sum of quantized tensors, and QLinearMatMul has no bias. Sums of two
 *       tensors are convolutions with a kernel of two rows that are an image apart, means are
 *       convolutions with ones, and dense layers are convolutions whose rows are the batch.
 *   <li><b>Few channels are combined with the channels of four columns.</b> ONNX Runtime gathers
 *       windows byte by byte if there is one channel. The first layer of a small network took two
 *       thirds of its time. Over blocks of columns it takes a fifth of that, although three of four
 *       products are with zeros: see {@code ColumnBlocks}. Wider blocks have more zeros than they
 *       save, and a float convolution would need a quantizer after it. With uint8 weights zeros
 *       cost more, so only one channel gains.
 *   <li><b>Flatten by a transpose.</b> ONNX Runtime has images in NHWC, where the transposes around
 *       integer ops vanish. A permuted kernel, as in QDQ, would cost one.
 *   <li><b>The zero point of a kernel is not shared.</b> With {@code session.x64quantprecision}
 *       ONNX Runtime converts kernels to uint8, and fails if two kernels share a zero point. The
 *       same holds in QDQ.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.onnx.operators;

import org.jspecify.annotations.NullMarked;
