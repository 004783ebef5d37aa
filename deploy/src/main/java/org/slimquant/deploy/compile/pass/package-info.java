/**
 * The passes. Each makes a graph from a graph, and draws both in its documentation.
 *
 * <ul>
 *   <li>{@code IntegerCompiler} has all passes in one list, in order.
 *   <li>The first of them bring the graph into the form that matchers know.
 *   <li>{@link org.slimquant.deploy.compile.pass.MatchLayers} makes integer ops from it.
 *   <li>{@link org.slimquant.deploy.compile.pass.RequirePlannedGraph} compares graph and plan.
 *   <li>{@link org.slimquant.deploy.compile.pass.BuildModel} makes the model.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.compile.pass;

import org.jspecify.annotations.NullMarked;
