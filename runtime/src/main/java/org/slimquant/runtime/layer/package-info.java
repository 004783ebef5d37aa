/**
 * Calls of layer methods, and the edges that read their kernel, bias and input.
 *
 * <pre>{@code
 * LayerCalls ─▶ LayerCall ─▶ KernelFinder     which edge reads the kernel
 *                         ─▶ BiasFinder       which edges add a bias
 *                         ─▶ ActivationFinder   the sum before the activation
 *                         ─▶ GridWalk         the grid of the layer's input
 *                         ─▶ OriginFinder     the origins by which a plan recognizes the layer
 * }</pre>
 *
 * <ul>
 *   <li><b>A kernel is found by the tensors it is computed from,</b> not by its place alone,
 *       because a product may have it at any input. Generated code therefore passes all operands of
 *       a layer, not only the annotated ones.
 *   <li><b>A second kernel that is computed from data is an error,</b> because it would stay float
 *       beside the first. A product of two activations is not: it has no weights.
 *   <li><b>The grid of a layer's input is read from the graph,</b> by a walk back to a fake quant
 *       of any origin. If there is none, the bias stays as it is and the plan remarks it. A layer
 *       whose input is quantized later, by a layer around it, is remarked too.
 *   <li><b>An activation that is more than a clamp needs codes before it,</b> because integers
 *       compute it by a table. So the layer's sum gets a site: the one place within a layer,
 *       besides kernel and bias, where something is rounded.
 *   <li><b>Names of calls belong to the thread:</b> see {@link
 *       org.slimquant.runtime.layer.CallNames}. A TensorFlow scope would be another sign of a call,
 *       but a model in another scope is the same.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime.layer;

import org.jspecify.annotations.NullMarked;
