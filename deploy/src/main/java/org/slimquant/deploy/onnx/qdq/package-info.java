/**
 * Models as float ops between quantizers.
 *
 * <pre>{@code
 * QdqForm ─▶ QdqLayers ─▶ DequantizedWeights        layers with weights
 *       ├─▶ Quantizers                              QuantizeLinear, DequantizeLinear, clamps
 *       └─▶ QdqSums, SymmetricInt8                  the models that are refused
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>QDQ is for importers.</b> They expect scales that are powers of two and zero points of
 *       0. Biases are floats, because TensorRT and others dequantize 8 bits only. ONNX Runtime
 *       makes the same int32 codes of them, if these have at most 24 bits.
 *   <li><b>Ties go to even.</b> For a shift s about one in 2^s sums is a tie, and its code is one
 *       less if it is odd. A quarter of the accumulator's step in a float bias would lift ties, but
 *       ONNX Runtime rounds that away when it fuses. A scale one ulp above its power of two would
 *       also lift them, but tools read an exponent from it.
 *   <li><b>-128 is not clamped to -127,</b> because a clamp after each layer would cost a pass over
 *       its elements.
 *   <li><b>QDQ_INT8 refuses unsigned formats of 8 bits.</b> They would be int8 with a coarser step,
 *       but the codes would not be those that were trained. Unsigned formats of up to 7 bits are
 *       int8 between a clamp's quantizers.
 *   <li><b>A clamp follows the quantizer,</b> with one more pair after it, unless uint8 saturates
 *       at the same codes. ONNX Runtime makes an integer op only of a layer whose output is
 *       quantized at once. With a ReLU before an int8 quantizer it computed LeNet 5 times as slowly
 *       as in float, and with a ReLU6 the separable network. It does not yet fuse int8 tensors that
 *       several layers read, on x86.
 *   <li><b>Flatten by a permuted kernel,</b> because tools that read QDQ have images in NCHW.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.onnx.qdq;

import org.jspecify.annotations.NullMarked;
