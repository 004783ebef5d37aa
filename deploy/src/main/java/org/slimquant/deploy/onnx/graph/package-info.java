/**
 * The ONNX graph that the forms write.
 *
 * <pre>{@code
 * OnnxGraph ─▶ OnnxNode, OnnxConstant ─▶ TransposeElimination ─▶ GraphNames ─▶ GraphProto
 *     ├─▶ SharedConstants                    a constant that several ops read
 *     └─▶ Value, Attributes, Layout          tensors, windows and kernels in ONNX
 * SaturatingPairs                            the sums that depend on the processor
 * }</pre>
 */
@NullMarked
package org.slimquant.deploy.onnx.graph;

import org.jspecify.annotations.NullMarked;
