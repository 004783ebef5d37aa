/**
 * Fake quantization of a TensorFlow graph while it is built: the classes that applications and
 * generated code call.
 *
 * <pre>{@code
 * generated code ─▶ GraphQuantizer ─▶ LayerBuilder      calls layers, notes their ops and inputs
 *                        │                 └─▶ LayerQuantizer   plans a layer's sites, then adds them
 *                        │
 *                        ├─▶ Verifier ─▶ Finding         whether all consumers read fake quants
 *                        └─▶ BiasCodes                   whether all biases fit 32 bits
 *
 * runtime.layer       which edges of a layer are kernel, bias, input
 * runtime.site        what each site gets
 * runtime.normalization  batch normalizations, folded before a layer is quantized
 * runtime.gradient    other ops where a gradient of TensorFlow's is wrong or missing, and the graph may train
 * runtime.fakequant   the ops of a fake quant, and their gradient
 * runtime.dropout     dropout, read back from its ops
 * runtime.graph       edges, op types, variables, devices; the native API
 * }</pre>
 *
 * <p>After a layer method has added its ops, the one edge over which its kernel op reads the kernel
 * is rerouted through a fake quant. So is the one over which the bias is added, if the layer's
 * input is quantized: the bias gets 32-bit codes on the accumulator's grid. The layer's output gets
 * a fake quant that all its consumers read, earlier ones included:
 *
 * <pre>{@code
 * kernel ──▶ Conv2D ──▶ BiasAdd ──▶ Relu ──▶                                      before
 *               bias ──────▲
 *
 * kernel ──▶ FakeQuant ──▶ Conv2D ──▶ BiasAdd ──▶ Relu ──▶ FakeQuant ──▶          after
 *               bias ──▶ FakeQuant ──────▲
 * }</pre>
 *
 * <ul>
 *   <li><b>One edge for a kernel, every edge for an output.</b> The kernel op of a layer reads the
 *       kernel quantized, independently of other readers of the variable and of the order of the
 *       model's code: a regularizer that is built before the layer reads the same tensor as one
 *       that is built after it. All consumers of a layer's output read it quantized.
 *   <li><b>No registry of graphs.</b> A quantizer is an object that the application holds. An op
 *       that a graph has once, a constant bound of a format for example, is found by its name.
 *   <li><b>{@code verify()} returns its findings</b> instead of throwing, because a consumer of raw
 *       weights may be intended: a penalty on their size, for example. There are two kinds of
 *       findings, of one sealed type, so that code which prints or counts findings misses none.
 *   <li><b>Codes beyond 24 or 32 bits are found in a session,</b> by {@link
 *       org.slimquant.runtime.GraphQuantizer#checkBiases}, because they depend on the values. The
 *       code of a bias is exact by itself: float32 has 24 bits, and a bias has no more. Its sum
 *       with the accumulator may not be.
 *   <li><b>Initial values are refused if they are certain:</b> see {@link
 *       org.slimquant.runtime.InitialValues}. An op in the graph marks them as intended, so that
 *       this holds for every later check and is visible in the code that builds the graph.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime;

import org.jspecify.annotations.NullMarked;
