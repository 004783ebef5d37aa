/**
 * The ONNX graph that the forms write.
 *
 * <pre>{@code
 * OnnxGraph ─▶ OnnxNode, OnnxConstant ─▶ TransposeElimination ─▶ GraphNames ─▶ GraphProto
 *     ├─▶ SharedConstants                    a constant that several ops read
 *     └─▶ Value, Attributes, Layout          tensors, windows and kernels in ONNX
 * SaturatingPairs                            the sums that depend on the processor
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>The builder adds every transpose and reshape, and one pass removes those without
 *       effect.</b> A node costs a small network as much time as a layer does.
 *   <li><b>Names are given last,</b> so that the suffixes of equal names have no gaps.
 *   <li><b>One class knows which pairs of products are added in 16 bits:</b> {@code
 *       SaturatingPairs}. It was found by experiments. The codes of a layer differ only if its file
 *       says that they may.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.onnx.graph;

import org.jspecify.annotations.NullMarked;
