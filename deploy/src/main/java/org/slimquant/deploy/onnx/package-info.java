/**
 * Integer models as ONNX files.
 *
 * <pre>{@code
 * OnnxExporter, SaturationProbe, OnnxForm, Metadata     what a user calls
 *   operators   OperatorForm and what it needs           integer ops, rounded half up
 *   qdq         QdqForm and what it needs                float ops between quantizers
 *   graph       OnnxGraph, TransposeElimination, Layout  the graph that both of them write
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>Half up by one ulp.</b> ONNX rounds half to even. The scale of a convolution is one ulp
 *       above its power of two, and sums are made positive by the zero point: see {@code Rounding},
 *       with the proof. Where it does not hold, sums stay in int32 and are divided: slower, as
 *       exact.
 *   <li><b>uint8, with zero point 0 behind a ReLU.</b> A signed format loses a bit there, but
 *       elements below 128 keep the products of the fast kernels from saturating: see {@code
 *       SaturatingPairs}. Elements of tensors with negative codes are shifted by 128.
 *   <li><b>Exact on every processor, unless another form is asked for by name.</b> ONNX Runtime's
 *       kernels for int8 weights saturate on x86 with AVX2 and without VNNI, those for uint8
 *       weights never. So {@code QOPERATOR}, the form that is written if none is given, has int8
 *       weights only where no pair of products that these kernels add can leave 16 bits. {@code
 *       QOPERATOR_VNNI_OR_ARM} has them everywhere, and its name says where it belongs. Which pairs
 *       are added is known in one place, {@code SaturatingPairs}, and was found by experiments: a
 *       layer differs only if its file says that it may. An attribute of the file that sets the
 *       session's option would be better, but ONNX Runtime reads none.
 *   <li><b>The processor is found by an experiment.</b> The flags of a processor are another thing
 *       than what a version of ONNX Runtime makes of them: {@code SaturationProbe} is a model with
 *       one op that tells.
 *   <li><b>A clamp only where a sum can leave the range.</b> Unsigned formats of 8 bits need none,
 *       because uint8 saturates as they do; a clamp of a ReLU costs a pass over its bytes.
 *   <li><b>Standard ops only.</b> Sums of two tensors are convolutions with a kernel of two rows
 *       that are an image apart, means are convolutions with ones, dense layers are convolutions
 *       whose rows are the batch: QLinearConv is the one integer op that has a bias and a fast
 *       kernel. ONNX has no sum of quantized tensors, and QLinearMatMul has no bias.
 *   <li><b>Few channels are four columns' channels.</b> ONNX Runtime gathers windows byte by byte
 *       where there is one channel: the first layer of a small network took two thirds of its time,
 *       and takes a fifth of that over blocks of columns, though three of four products are with
 *       zeros: see {@code ColumnBlocks}. Wider blocks have more zeros than they save, and a float
 *       convolution would have to be quantized behind. With uint8 weights zeros cost more, and only
 *       one channel gains.
 *   <li><b>No two reshapes in a row,</b> and no transpose that undoes another: a node costs a small
 *       network as much as a layer does. {@code TransposeElimination} removes them from the
 *       finished graph.
 *   <li><b>Flatten by a transpose in integer ops, by permuted kernels in QDQ.</b> ONNX Runtime has
 *       images in NHWC, where the transposes around integer ops vanish and a permuted kernel would
 *       cost one. Tools that read QDQ have NCHW.
 *   <li><b>Input and output are floats,</b> under the names of the model, in TensorFlow's layout,
 *       so that a file takes the place of the graph. {@code floor(2x) + 1/2} has no ties and is
 *       rounded to what x is rounded half up, for every float; codes that are never negative need
 *       no {@code 1/2}.
 *   <li><b>QDQ is for importers.</b> Its scales are powers of two and its zero points 0, as they
 *       expect. Its biases are floats, because TensorRT and others dequantize 8 bits only; ONNX
 *       Runtime makes the int32 codes of them that they were, as long as these have 24 bits. Ties
 *       go to even: for a shift s about one in 2^s sums is a tie, and under every odd code of these
 *       is one less. A quarter of the accumulator's step in a float bias would lift ties, but ONNX
 *       Runtime rounds that away when it fuses; so would a scale an ulp off its power of two, but
 *       tools read an exponent from it. -128 is not clamped to -127, because a clamp behind each
 *       layer would cost a pass over its elements.
 *   <li><b>QDQ_INT8 refuses what is unsigned and has 8 bits.</b> A coarser step would make it int8,
 *       but the codes would no longer be those that were trained. Unsigned formats of up to 7 bits
 *       are int8 between a clamp's quantizers.
 *   <li><b>In QDQ a clamp follows the quantizer,</b> between one more pair, unless uint8 saturates
 *       as it does. ONNX Runtime makes an integer op only of a layer that is quantized at once, and
 *       computed LeNet 5 times as slowly as in float with a ReLU before an int8 quantizer, the
 *       separable network with a ReLU6 likewise. What it does not fuse yet are int8 tensors that
 *       several layers read, on x86.
 *   <li><b>Each kernel's zero point is a constant of its own.</b> With {@code
 *       session.x64quantprecision} ONNX Runtime converts kernels to uint8, and fails if two share
 *       one.
 *   <li><b>Opset 13,</b> where QuantizeLinear has an axis and Pad has uint8; 21 for 16 bits.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.onnx;

import org.jspecify.annotations.NullMarked;
