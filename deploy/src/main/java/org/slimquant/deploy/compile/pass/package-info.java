/**
 * The passes: each makes a graph of a graph, and draws both in its documentation. {@link
 * org.slimquant.deploy.IntegerCompiler} has them in order.
 *
 * <p>Passes before the layers are matched bring the graph into the one shape that matchers know.
 * {@link org.slimquant.deploy.compile.pass.MatchLayers} makes integer ops of it, and {@link
 * org.slimquant.deploy.compile.pass.BuildModel} the model.
 */
@NullMarked
package org.slimquant.deploy.compile.pass;

import org.jspecify.annotations.NullMarked;
