/**
 * The matchers. Each makes one kind of integer op from the ops of TensorFlow that compute the same.
 *
 * <ul>
 *   <li>{@link org.slimquant.deploy.compile.match.LayerWalk} walks from the output to the input,
 *       and picks the matcher.
 *   <li>{@link org.slimquant.deploy.compile.match.FusedOp} is a part of the graph that becomes one
 *       integer op: an op that computes, its biases, its activations, and its fake quant.
 *   <li>{@code …Matcher} checks a fused op and makes a {@link
 *       org.slimquant.deploy.compile.graph.PendingOp} of it.
 *   <li>{@link org.slimquant.deploy.compile.match.Weights} and {@link
 *       org.slimquant.deploy.compile.match.Windows} read kernels, biases and windows.
 *   <li>{@link org.slimquant.deploy.compile.match.FloatOps} and {@link
 *       org.slimquant.deploy.compile.match.FloatEnds} refuse the ops that integers cannot compute,
 *       with a remedy.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.compile.match;

import org.jspecify.annotations.NullMarked;
