/**
 * A TensorFlow graph as the quantizer sees it: edges and their readers, types of ops, variables,
 * devices, and the axes of a kernel that count its output channels.
 *
 * <ul>
 *   <li><b>One class uses TensorFlow's native API,</b> {@link
 *       org.slimquant.runtime.graph.NativeGraph}: edges can be changed only there.
 *   <li><b>One table describes all ops:</b> {@link org.slimquant.runtime.graph.OpKind}, which the
 *       compiler reads, too.
 *   <li><b>All reads of a variable have one format.</b> A resource variable that two layers read,
 *       with an op each, has a site for each read. So gradients and the order of reads and writes
 *       stay as the model has them. {@link org.slimquant.runtime.graph.Variables} tells which reads
 *       have one value.
 *   <li><b>A fake quant is on the device of the op whose output it rounds:</b> see {@link
 *       org.slimquant.runtime.graph.Devices}. TensorFlow places observers, because not every device
 *       has all of their ops.
 *   <li><b>Variables without a value are looked for after a run has failed,</b> not before each:
 *       see {@link org.slimquant.runtime.graph.UninitializedVariables}.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime.graph;

import org.jspecify.annotations.NullMarked;
