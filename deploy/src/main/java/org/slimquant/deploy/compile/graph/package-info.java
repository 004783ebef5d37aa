/**
 * The graph that the compiler works on: the ops of TensorFlow's graph that the model's output
 * needs, in records that never change.
 *
 * <ul>
 *   <li>{@link org.slimquant.deploy.compile.graph.GraphReader} reads the graph from TensorFlow,
 *       once. {@link org.slimquant.deploy.compile.graph.ModelInput} finds the tensor at which it
 *       begins.
 *   <li>{@link org.slimquant.deploy.compile.graph.OpGraph} is the graph, {@link
 *       org.slimquant.deploy.compile.graph.Node} an op, {@link
 *       org.slimquant.deploy.compile.graph.NodePayload} the other facts about an op, and {@link
 *       org.slimquant.deploy.compile.graph.Added} the place of an op that a pass has added.
 *   <li>{@link org.slimquant.runtime.graph.OpKind}, in the runtime, is the table of TensorFlow's
 *       types, each with its {@link org.slimquant.runtime.graph.OpRole}.
 *   <li>{@link org.slimquant.deploy.compile.graph.Grids} tells which tensors have codes.
 *   <li>{@link org.slimquant.deploy.compile.graph.Refusals} collects the ops that cannot be
 *       converted.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.compile.graph;

import org.jspecify.annotations.NullMarked;
