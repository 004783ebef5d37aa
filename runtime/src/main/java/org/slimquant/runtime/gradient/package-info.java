/**
 * Ops with right gradients in the place of ops whose gradient TensorFlow computes wrongly or not at
 * all.
 *
 * <ul>
 *   <li><b>Each op of a layer has a right gradient, or its form has.</b> TensorFlow's C++ gradients
 *       of dilated and grouped convolutions and of explicit paddings are wrong, fail when they run,
 *       or end the process. They cannot be replaced: {@code registerCustomGradient} accepts a
 *       gradient for an op that has one, but TensorFlow never calls it. So other ops take the place
 *       of such an op: see {@link org.slimquant.runtime.gradient.TrainableForm}.
 *   <li><b>Every graph of fake quants has the forms, and no other graph has them.</b> A quantizer
 *       does not know whether gradients will be added later. A calibrating or probing graph stays
 *       the float model, bit for bit. The forms compute the same sums of products, so that the
 *       codes are the same wherever float32 adds them exactly. The op itself stays in the graph:
 *       the compiler reads it.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime.gradient;

import org.jspecify.annotations.NullMarked;
