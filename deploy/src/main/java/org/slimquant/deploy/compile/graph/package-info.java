/**
 * The graph that the compiler works on: what the model's output needs of TensorFlow's graph, in
 * records that never change.
 *
 * <ul>
 *   <li>{@link org.slimquant.deploy.compile.graph.GraphReader} reads it from TensorFlow, once.
 *   <li>{@link org.slimquant.deploy.compile.graph.OpGraph} is the graph, {@link
 *       org.slimquant.deploy.compile.graph.Node} an op, {@link
 *       org.slimquant.deploy.compile.graph.NodePayload} what else is known of an op.
 *   <li>{@link org.slimquant.deploy.compile.graph.OpCatalog} tells which types of ops have an
 *       integer op, and what to do about others.
 *   <li>{@link org.slimquant.deploy.compile.graph.Grids} tells which tensors have codes.
 *   <li>{@link org.slimquant.deploy.compile.graph.Refusals} collects the ops that cannot be
 *       converted.
 * </ul>
 *
 * <p>This package knows neither passes nor matchers.
 */
@NullMarked
package org.slimquant.deploy.compile.graph;

import org.jspecify.annotations.NullMarked;
