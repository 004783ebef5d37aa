/**
 * Writes TensorFlow's ops that move elements, of which there are many, as the few that integers
 * have: Slice, Transpose, Tile, Reshape and concat.
 *
 * <ul>
 *   <li>{@link org.slimquant.deploy.compile.move.Movements} finds the nodes for an op, or says why
 *       there are none.
 *   <li>{@link org.slimquant.deploy.compile.move.TransposedConvolution} is a convolution, whose
 *       output is moved.
 *   <li>{@code MoveChain} makes the nodes one after the other.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.compile.move;

import org.jspecify.annotations.NullMarked;
