/**
 * Integer models as ONNX files.
 *
 * <pre>{@code
 * OnnxExporter, SaturationProbe, OnnxForm, Metadata     what a user calls
 *   operators   OperatorForm and what it needs          integer ops, rounded half up
 *   qdq         QdqForm and what it needs               float ops between quantizers
 *   graph       OnnxGraph, TransposeElimination, …      the graph that both of them write
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>Exact on every processor, unless another form is asked for by name.</b> ONNX Runtime's
 *       kernels for int8 weights saturate on x86 with AVX2 and without VNNI. Its kernels for uint8
 *       weights never do. {@code QOPERATOR}, the default form, therefore has int8 weights only in
 *       layers where no pair of products that the fast kernels add can leave 16 bits. {@code
 *       QOPERATOR_VNNI_OR_ARM} has them everywhere, and its name says where it is exact. An
 *       attribute of the file that sets the session's option would be better, but ONNX Runtime
 *       reads no such attribute.
 *   <li><b>An experiment classifies the processor.</b> The flags of a processor do not tell how a
 *       version of ONNX Runtime uses it: {@code SaturationProbe} is a model with one op that tells.
 *   <li><b>Input and output are floats,</b> under the names of the model and in TensorFlow's
 *       layout, so that a file can replace the graph.
 *   <li><b>Opset 13,</b> in which QuantizeLinear has an axis and Pad accepts uint8; opset 21 for 16
 *       bits.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.onnx;

import org.jspecify.annotations.NullMarked;
